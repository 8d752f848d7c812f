import PostgreSQL

/// The tables in PostgreSQL, by version. `line` comes first in every key: so engines that spread tables over machines keep
/// what belongs together in one place.
///
/// Written in what PostgreSQL, Citus, YugabyteDB and CockroachDB share: no sequences, triggers, functions or rules. A word
/// of 64 bits is a `bigint` of the same bits, an id of 128 bits a `uuid`, whose order is that of its bytes.
enum StoreSchema {
    /// Each brings the tables from the version before, given by its index, to the next. Never changed once released.
    static let migrations = [
        """
        CREATE TABLE store (
            one boolean PRIMARY KEY CHECK (one),
            format bigint NOT NULL,
            generation bigint NOT NULL
        );
        -- The server processes, each with a number that it raises: one that is lower than was written shows a store put back.
        CREATE TABLE process (
            process uuid PRIMARY KEY, started bigint NOT NULL, beat bigint NOT NULL, seen bigint NOT NULL
        );
        CREATE TABLE line (
            line uuid PRIMARY KEY, name text NOT NULL, log bytea NOT NULL, head bigint NOT NULL,
            check_value bytea NOT NULL, fingerprint bytea NOT NULL,
            highest_time bigint NOT NULL,         -- the greatest time taken
            epoch bigint NOT NULL,                -- the roster's newest
            roster_count bigint NOT NULL, roster_head bytea NOT NULL,
            lacks_boxes boolean NOT NULL,         -- somebody has no box of the newest key
            rights bigint NOT NULL,               -- raised when somebody's rights change, for other processes
            next_desk bigint NOT NULL,
            -- kept by what changes them, so that nobody has to count
            live_changes bigint NOT NULL, sealed_bytes bigint NOT NULL, replicas bigint NOT NULL,
            removals bigint NOT NULL,             -- how often changes went without one in their place
            -- how far it has been looked over: rows by their place, then records by their id with their sum
            scrub_key bigint, scrub_record uuid, scrub_sum bytea, scrubbed_at bigint,
            -- what the last verification found
            verified_at bigint, verified_damaged bigint NOT NULL, verified_sum boolean NOT NULL,
            -- what the operator has set: the oldest version served, empty for any; the bytes it may hold
            minimum_program text NOT NULL, quota_bytes bigint,
            created bigint NOT NULL
        );
        CREATE TABLE replica (
            line uuid NOT NULL, replica bigint NOT NULL, device bigint NOT NULL, last_number bigint NOT NULL,
            last_digest bytea NOT NULL, desk bigint NOT NULL, leases_given bigint NOT NULL, last_seen bigint NOT NULL,
            position bigint NOT NULL,             -- how far it has read
            pending bigint NOT NULL, oldest_pending bigint, clock_offset bigint NOT NULL, schema_version bigint NOT NULL,
            verified boolean,
            agreed bigint,                        -- the position at which it was last proven equal
            program text NOT NULL, set_aside bigint NOT NULL, unopened bigint NOT NULL, numbers_left bigint NOT NULL,
            PRIMARY KEY (line, replica)
        );
        CREATE TABLE lease (
            line uuid NOT NULL, start bigint NOT NULL, amount bigint NOT NULL, replica bigint NOT NULL,
            ordinal bigint NOT NULL,              -- 0: reported by a replica, given before a restore
            PRIMARY KEY (line, start)
        );
        CREATE INDEX lease_replica ON lease (line, replica, ordinal);
        CREATE TABLE log (
            line uuid NOT NULL, position bigint NOT NULL, time bigint NOT NULL, dot bigint NOT NULL,
            replica bigint, number bigint,        -- NULL where changes are handed out again
            nonce bytea NOT NULL, check_value bytea NOT NULL, digest bytea, PRIMARY KEY (line, position)
        );
        CREATE UNIQUE INDEX log_number ON log (line, replica, number) WHERE number IS NOT NULL;
        CREATE TABLE change (
            line uuid NOT NULL, position bigint NOT NULL,
            ordinal smallint NOT NULL,            -- among the changes of that position
            kind smallint NOT NULL, record uuid NOT NULL, parent uuid, collection bigint NOT NULL,
            fields bigint NOT NULL,
            live bigint NOT NULL,                 -- the fields in which it stands
            epoch bigint NOT NULL, nonce_index bigint NOT NULL,
            ancestors bytea NOT NULL,             -- above the parent, the nearest first
            replaced bytea NOT NULL,              -- the writes that it names
            hash bytea NOT NULL,                  -- of all that a reader needs, as it came in
            sealed bytea NOT NULL, PRIMARY KEY (line, position, ordinal)
        );
        CREATE INDEX change_record ON change (line, record, position, ordinal);
        CREATE INDEX change_parent ON change (line, parent, record) WHERE parent IS NOT NULL;
        -- Records by what stands above their parents. Mostly empty.
        CREATE TABLE path (
            line uuid NOT NULL, ancestor uuid NOT NULL, record uuid NOT NULL, PRIMARY KEY (line, ancestor, record)
        );
        -- What was erased, and the erasure's place in change; NULL where that was found damaged.
        CREATE TABLE tombstone (
            line uuid NOT NULL, record uuid NOT NULL, position bigint, ordinal smallint, PRIMARY KEY (line, record)
        );
        -- Lines that stand on less than they had, until their workstations have brought it back.
        CREATE TABLE restoration (
            line uuid PRIMARY KEY, began bigint NOT NULL, devices bigint NOT NULL, completed bigint
        );
        -- Changes that were found damaged, for operators, without what was sealed. They count as not held.
        CREATE TABLE damaged (
            line uuid NOT NULL, position bigint NOT NULL, ordinal smallint NOT NULL, found bigint NOT NULL, record uuid,
            collection bigint, kind smallint, sealed_bytes bigint, PRIMARY KEY (line, position, ordinal, found)
        );
        """ + RegistrySchema.definition
    ]

    static let format = Int64(migrations.count)

    /// For PostgreSQL alone, where the engine is that: sealed bytes do not get smaller, and nobody need try.
    static let tuning = ["ALTER TABLE change ALTER COLUMN sealed SET STORAGE EXTERNAL"]

    /// Writes the tables anew that hold sealed bytes, or many rows that went.
    static let compactions = ["change", "log", "replica", "line"].map { SQLStatement("VACUUM FULL \($0)") }

    private static let found = SQLStatement(
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = $1")
    private static let version = SQLStatement("SELECT format FROM store WHERE one")
    /// "lugn".
    private static let lock = SQLStatement("SELECT pg_advisory_xact_lock(1819637614)")
    private static let first = SQLStatement("INSERT INTO store (one, format, generation) VALUES (true, $1, $2)")
    private static let next = SQLStatement("UPDATE store SET format = $1 WHERE one")

    /// The store's format; nil where there is no store.
    static func format(_ connection: PostgreSQLConnection) throws -> Int64? {
        guard try connection.run(found, { $0.add("store") }).first?.integer(0) == 1 else { return nil }
        return try connection.run(version).first?.integer(0)
    }

    static let statements = [found, version, lock, first, next]

    /// Makes the tables, or brings them up to date. Several processes may try at once: one does it, the others wait.
    ///
    /// Errors: `unusable` for tables of a newer version, or of another program; nothing was touched then.
    static func prepare(_ connection: PostgreSQLConnection, generation: UInt64) throws {
        try connection.sendBegin()
        try connection.send(lock)
        try connection.receive()
        let before = try format(connection)
        if let before { try check(before, isMigrating: true) }
        if before == nil, try connection.run(found, { $0.add("line") }).first?.integer(0) != 0 {
            throw ChangeLogError(
                .unusable, "the database has tables of another program; nothing was touched: give one of its own")
        }
        for (index, migration) in migrations.enumerated().dropFirst(Int(before ?? 0)) {
            for statement in statements(of: migration) { try connection.send(SQLStatement(statement)) }
            if index == 0 {
                try connection.send(first) {
                    $0.add(Int64(1))
                    $0.add(word: generation)
                }
            }
        }
        if before != format { try connection.send(next) { $0.add(format) } }
        try connection.sendCommit()
        try connection.receive()
        if before == nil { tune(connection) }
    }

    /// What is not everywhere, and does no harm where it is missing.
    private static func tune(_ connection: PostgreSQLConnection) {
        for statement in tuning {
            do { _ = try connection.run(SQLStatement(statement)) } catch { continue }
        }
    }

    /// The format of a store into which another one is being moved.
    static let moving: Int64 = -1

    static func check(_ found: Int64, isMigrating: Bool = false) throws {
        if found == moving {
            throw ChangeLogError(
                .unusable,
                "a store is being moved into the database, and that has not ended: lugn-server move goes on where it was stopped"
            )
        }
        if found > format {
            throw ChangeLogError(
                .unusable, "the store was written by a newer version; it was not touched: install that version")
        }
        if found < format, !isMigrating {
            throw ChangeLogError(
                .unusable,
                "the store is of format \(found), and this version wants \(format): lugn-server init --store … "
                    + "brings it up to date; make a backup first")
        }
    }

    /// The statements of a script, without its comments.
    static func statements(of script: String) -> [String] {
        let lines = script.split(separator: "\n").map { line -> Substring in
            line.firstRange(of: "--").map { line[..<$0.lowerBound] } ?? line
        }
        return lines.joined(separator: "\n").split(separator: ";").map { String($0) }
            .filter { $0.contains { !$0.isWhitespace } }
    }
}
