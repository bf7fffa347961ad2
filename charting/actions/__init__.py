"""Every write of the clinical record, one file per family of verbs."""

from charting.actions.encounters import begin_encounter, encounter_of_visit

__all__ = ["begin_encounter", "encounter_of_visit"]
