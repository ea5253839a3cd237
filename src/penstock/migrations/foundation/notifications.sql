-- Readers sleep until there is something to read: one notification per statement, not per row.
CREATE FUNCTION notify_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(TG_ARGV[0], '');
    RETURN NULL;
END $$;
CREATE TRIGGER change_queue_notify AFTER INSERT ON change_queue
    FOR EACH STATEMENT EXECUTE FUNCTION notify_readers('changes');
CREATE TRIGGER mails_notify AFTER INSERT ON mails
    FOR EACH STATEMENT EXECUTE FUNCTION notify_readers('mails');
CREATE TRIGGER webhook_deliveries_notify AFTER INSERT ON webhook_deliveries
    FOR EACH STATEMENT EXECUTE FUNCTION notify_readers('webhooks');
