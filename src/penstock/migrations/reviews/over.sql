-- A review whose run ended another way is closed with it, and keeps no copy of the record.
ALTER TABLE reviews DROP CONSTRAINT reviews_state_check;
ALTER TABLE reviews ADD CONSTRAINT reviews_state_check
    CHECK (state IN ('WAITING', 'APPROVED', 'EDITED', 'REJECTED', 'OVER'));
UPDATE reviews r SET state = 'OVER', seen = '{}'
FROM enrollments e WHERE e.id = r.enrollment_id AND r.state = 'WAITING' AND (e.seq <> r.seq OR e.status <> 'WAITING');
