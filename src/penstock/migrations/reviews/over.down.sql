UPDATE reviews SET state = 'WAITING' WHERE state = 'OVER';
ALTER TABLE reviews DROP CONSTRAINT reviews_state_check;
ALTER TABLE reviews ADD CONSTRAINT reviews_state_check CHECK (state IN ('WAITING', 'APPROVED', 'EDITED', 'REJECTED'));
