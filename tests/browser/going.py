"""From one page to the next: a press is over when the page it leads to is there.

Only a new page loads. `wait_for_load_state` is content with the page that is still being left, and `expect_navigation`
with the entry that htmx writes into the history of that page at the first answer to its polls. What is pressed can be
there before its own page has loaded, and that load is not the one to wait for.
"""

from playwright.sync_api import Locator


def follow(link_or_button: Locator) -> None:
    page = link_or_button.page
    link_or_button.wait_for()
    page.wait_for_load_state()
    with page.expect_event("load"):
        link_or_button.click()
