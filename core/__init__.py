"""The ground floor: money, moments, spans, numbers, ids, problem types. No tables; imports none of ours."""
