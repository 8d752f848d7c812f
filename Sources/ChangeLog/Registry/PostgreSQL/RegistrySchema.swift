/// The registry's tables in PostgreSQL. Each has one type that reads and writes it, named as it is.
enum RegistrySchema {
    static let definition = """

        -- Of every workstation that ever was in a roster: what requests are checked with. Kept for good, since replicas name
        -- them by their number.
        CREATE TABLE device (
            line uuid NOT NULL, id bytea NOT NULL, device bigint NOT NULL, signing_key bytea NOT NULL,
            role smallint NOT NULL,
            standing smallint NOT NULL,           -- 0 present, 1 removed, 2 not in the branch that counts
            admitted bigint NOT NULL,             -- by the admitting lead's clock
            blocked bigint,                       -- since when, by an operator
            label text,                           -- the operators' own
            PRIMARY KEY (line, id)
        );
        CREATE UNIQUE INDEX device_number ON device (line, device);
        CREATE INDEX device_id ON device (id);
        -- Lines whose store was lost, and whose workstations have not brought their rosters yet.
        CREATE TABLE awaited_line (line uuid PRIMARY KEY, name text NOT NULL);
        -- The lines' recoveries, by the keys of their present sheets.
        CREATE TABLE recovery (line uuid PRIMARY KEY, id bytea NOT NULL, signing_key bytea NOT NULL);
        CREATE INDEX recovery_id ON recovery (id);
        CREATE TABLE roster_entry (
            line uuid NOT NULL, number bigint NOT NULL, entry bytea NOT NULL, PRIMARY KEY (line, number)
        );
        CREATE TABLE epoch_box (
            line uuid NOT NULL, epoch bigint NOT NULL, device bytea NOT NULL, author bytea NOT NULL, box bytea NOT NULL,
            PRIMARY KEY (line, device, epoch, author)
        );
        CREATE INDEX epoch_box_epoch ON epoch_box (line, epoch, device);
        -- What workstations hand out for each other to compare, sealed: the latest of each.
        CREATE TABLE checkpoint (
            line uuid NOT NULL, device bigint NOT NULL, epoch bigint NOT NULL, sealed bytea NOT NULL,
            PRIMARY KEY (line, device)
        );
        -- What workstations that were removed had not sent, sealed, until a lead has dealt with it.
        CREATE TABLE unsent_part (
            line uuid NOT NULL, device bigint NOT NULL, number bigint NOT NULL, parts bigint NOT NULL,
            attempt bigint NOT NULL,
            received bigint NOT NULL,             -- by the server's clock
            page bytea NOT NULL, PRIMARY KEY (line, device, number)
        );
        CREATE TABLE invitation (
            id bytea PRIMARY KEY, kind smallint NOT NULL, line uuid, line_name text, signing_key bytea NOT NULL,
            made bigint NOT NULL, expires bigint NOT NULL, author bytea, signature bytea, state smallint NOT NULL,
            contested boolean NOT NULL, offer bytea, lead bytea, lead_random bytea, random bytea
        );
        CREATE INDEX invitation_line ON invitation (line, made);
        -- The invitations' secrets, each sealed to a lead.
        CREATE TABLE invitation_secret (
            invitation bytea NOT NULL, device bytea NOT NULL, box bytea NOT NULL, PRIMARY KEY (invitation, device)
        );
        CREATE TABLE operator (
            id bytea PRIMARY KEY, signing_key bytea NOT NULL, label text NOT NULL, line uuid, added bigint NOT NULL
        );
        CREATE TABLE audit (
            number bigint PRIMARY KEY, entry bytea NOT NULL,
            request bytea UNIQUE                  -- chosen by the operator's program: it is not done twice
        );
        """
}
