/// The registry's tables. Each has one type that reads and writes it, named as it is.
enum RegistryTables {
    static let definition = """
        -- One row: of the store as a whole.
        CREATE TABLE store (one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL) STRICT;
        -- Of every workstation that ever was in a roster: what requests are checked with. Kept for good, since replicas name them.
        CREATE TABLE device (
            ref INTEGER PRIMARY KEY, line INTEGER NOT NULL, id BLOB NOT NULL, signing_key BLOB NOT NULL,
            role INTEGER NOT NULL,
            standing INTEGER NOT NULL,           -- 0 present, 1 removed, 2 not in the branch that counts
            admitted INTEGER NOT NULL,           -- by the admitting lead's clock
            blocked INTEGER,                     -- since when, by an operator
            label TEXT,                          -- the operators' own
            UNIQUE (id, line)
        ) STRICT;
        CREATE INDEX device_line ON device (line);
        -- Lines whose store was lost, and whose workstations have not brought their rosters yet.
        CREATE TABLE awaited_line (id BLOB PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
        -- The lines' recoveries, by the keys of their present sheets.
        CREATE TABLE recovery (line INTEGER PRIMARY KEY, id BLOB NOT NULL, signing_key BLOB NOT NULL) STRICT;
        CREATE INDEX recovery_id ON recovery (id);
        CREATE TABLE roster_entry (
            line INTEGER NOT NULL, number INTEGER NOT NULL, entry BLOB NOT NULL, PRIMARY KEY (line, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE epoch_box (
            line INTEGER NOT NULL, epoch INTEGER NOT NULL, device BLOB NOT NULL, author BLOB NOT NULL, box BLOB NOT NULL,
            PRIMARY KEY (line, device, epoch, author)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX epoch_box_epoch ON epoch_box (line, epoch, device);
        -- What workstations hand out for each other to compare, sealed: the latest of each.
        CREATE TABLE checkpoint (
            device INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, sealed BLOB NOT NULL
        ) STRICT;
        -- What workstations that were removed had not sent, sealed, until a lead has dealt with it.
        CREATE TABLE unsent_part (
            device INTEGER NOT NULL, number INTEGER NOT NULL, parts INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            received INTEGER NOT NULL,           -- by the server's clock
            page BLOB NOT NULL, PRIMARY KEY (device, number)
        ) STRICT;
        CREATE TABLE invitation (
            id BLOB PRIMARY KEY, kind INTEGER NOT NULL, line BLOB, line_name TEXT, signing_key BLOB NOT NULL,
            made INTEGER NOT NULL, expires INTEGER NOT NULL, author BLOB, signature BLOB, state INTEGER NOT NULL, contested INTEGER NOT NULL,
            offer BLOB, lead BLOB, lead_random BLOB, random BLOB
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX invitation_line ON invitation (line, made);
        -- The invitations' secrets, each sealed to a lead.
        CREATE TABLE invitation_secret (
            invitation BLOB NOT NULL, device BLOB NOT NULL, box BLOB NOT NULL, PRIMARY KEY (invitation, device)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE operator (
            id BLOB PRIMARY KEY, signing_key BLOB NOT NULL, label TEXT NOT NULL, line BLOB, added INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY, entry BLOB NOT NULL,
            request BLOB UNIQUE                  -- chosen by the operator's program: it is not done twice
        ) STRICT;
        """
}
