-- Version 12: declined prompts by number, for looking at everybody (step 5: DECLINED).

CREATE INDEX step_declined ON step (msisdn) WHERE kind = 5;
