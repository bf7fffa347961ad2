// Lighthouse on pages of a running demo: `node run.mjs <url> …`, one JSON object a page and kind of screen.
// A page of the desk is opened with a session: the cookie comes in the environment, DESK_COOKIE.
import lighthouse, { desktopConfig } from "lighthouse";
import { launch } from "chrome-launcher";
import puppeteer from "puppeteer-core";

const TARGET = 95;
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--host-resolver-rules=MAP *.localhost 127.0.0.1, MAP localhost 127.0.0.1"];

async function enter(url, cookies) {
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}` });
  await browser.setCookie(...cookies.split("; ").map((cookie) => {
    const [name, ...value] = cookie.split("=");
    return { name, value: value.join("="), domain: new URL(url).hostname, path: "/", httpOnly: true };
  }));
  await browser.disconnect();
}

const chrome = await launch({ chromePath: process.env.CHROMIUM || "/usr/bin/chromium", chromeFlags: FLAGS });
let held = true;
try {
  for (const url of process.argv.slice(2)) {
    const signedIn = new URL(url).pathname.startsWith("/desk/") && process.env.DESK_COOKIE;
    if (signedIn) await enter(url, process.env.DESK_COOKIE);
    for (const [screen, config] of [["phone", undefined], ["desktop", desktopConfig]]) {
      const options = { port: chrome.port, output: "json", logLevel: "error", disableStorageReset: Boolean(signedIn) };
      const { lhr } = await lighthouse(url, options, config);
      const scores = Object.fromEntries(
        Object.values(lhr.categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)]));
      const missed = Object.values(lhr.categories).flatMap(({ auditRefs }) => auditRefs)
        .map(({ id, weight }) => ({ weight, ...lhr.audits[id] }))
        .filter(({ weight, score }) => weight && score !== null && score < 0.9).map(({ id }) => id);
      const ok = Object.values(scores).every((score) => score >= TARGET);
      held &&= ok;
      console.log(JSON.stringify({ name: `Lighthouse ${new URL(url).pathname}`, screen, ...scores, missed, ok,
        ...(lhr.runtimeError ? { error: lhr.runtimeError.message } : {}), shown: new URL(lhr.finalDisplayedUrl || url).pathname }));
    }
  }
} finally {
  await chrome.kill();
}
process.exit(held ? 0 : 1);
