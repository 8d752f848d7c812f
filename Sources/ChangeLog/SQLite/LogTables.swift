import SQLite

/// The server's tables. Each has one type that reads and writes it, named as it is.
///
/// A record's merge state is the join of the changes it holds: rows of `change`, each with the stamp of its position in
/// `log` and the fields in which it stands. Nothing else is kept per record.
enum LogTables {
    /// "LUGS".
    static let applicationID: Int32 = 0x4C55_4753
    static let formatVersion: Int32 = 2

    static let definition = """
        CREATE TABLE line (
            ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, name TEXT NOT NULL, log BLOB NOT NULL,
            head INTEGER NOT NULL, check_value BLOB NOT NULL, fingerprint BLOB NOT NULL,
            highest_time INTEGER NOT NULL,       -- the greatest time taken
            epoch INTEGER NOT NULL,              -- the roster's newest
            roster_count INTEGER NOT NULL, roster_head BLOB NOT NULL,
            lacks_boxes INTEGER NOT NULL,        -- somebody has no box of the newest key
            next_desk INTEGER NOT NULL,
            -- kept by what changes them, so that nobody has to count
            live_changes INTEGER NOT NULL, sealed_bytes INTEGER NOT NULL, replicas INTEGER NOT NULL,
            removals INTEGER NOT NULL,           -- how often changes went without one in their place
            -- how far it has been looked over: rows by their key, then records by their id with their sum
            scrub_key INTEGER, scrub_record BLOB, scrub_sum BLOB, scrubbed_at INTEGER,
            -- what the last verification found
            verified_at INTEGER, verified_damaged INTEGER NOT NULL, verified_sum INTEGER NOT NULL,
            -- what the operator has set: the oldest version served, empty for any; the bytes it may hold
            minimum_program TEXT NOT NULL, quota_bytes INTEGER
        ) STRICT;
        CREATE TABLE replica (
            ref INTEGER PRIMARY KEY, line INTEGER NOT NULL, replica INTEGER NOT NULL, device INTEGER NOT NULL,
            last_number INTEGER NOT NULL, last_digest BLOB NOT NULL, desk INTEGER NOT NULL,
            leases_given INTEGER NOT NULL, last_seen INTEGER NOT NULL, cursor INTEGER NOT NULL,
            pending INTEGER NOT NULL, oldest_pending INTEGER, clock_offset INTEGER NOT NULL,
            schema INTEGER NOT NULL, verified INTEGER,
            agreed INTEGER,                      -- the position at which it was last proven equal
            program TEXT NOT NULL, set_aside INTEGER NOT NULL, unopened INTEGER NOT NULL,
            numbers_left INTEGER NOT NULL, UNIQUE (line, replica)
        ) STRICT;
        CREATE TABLE lease (
            line INTEGER NOT NULL, start INTEGER NOT NULL, count INTEGER NOT NULL, replica INTEGER NOT NULL,
            ordinal INTEGER NOT NULL,            -- 0: reported by a replica, given before a restore
            PRIMARY KEY (line, start)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX lease_replica ON lease (line, replica, ordinal);
        -- key: the line's ref in the high bits, the position in the lower 40.
        CREATE TABLE log (
            key INTEGER PRIMARY KEY, time INTEGER NOT NULL, dot INTEGER NOT NULL, nonce BLOB NOT NULL,
            check_value BLOB NOT NULL,
            replica INTEGER, number INTEGER, digest BLOB  -- NULL where changes are handed out again
        ) STRICT;
        -- By line first: lines are strictly apart, also where both know a replica of one id.
        CREATE UNIQUE INDEX log_number ON log (key >> 40, replica, number) WHERE number IS NOT NULL;
        -- position: the log's key, and the change's index in 14 bits.
        CREATE TABLE change (
            position INTEGER PRIMARY KEY, record BLOB NOT NULL, collection INTEGER NOT NULL, parent BLOB,
            ancestors BLOB,                      -- above the parent, the nearest first; NULL for none
            kind INTEGER NOT NULL, fields INTEGER NOT NULL,
            live INTEGER NOT NULL,               -- the fields in which it stands
            replaced BLOB,                       -- the writes that it names; NULL for none
            epoch INTEGER NOT NULL, nonce_index INTEGER NOT NULL,
            hash BLOB NOT NULL,                  -- of all that a reader needs, as it came in
            sealed BLOB NOT NULL
        ) STRICT;
        CREATE INDEX change_record ON change (record);
        CREATE INDEX change_parent ON change (parent) WHERE parent IS NOT NULL;
        -- Records by what stands above their parents. Mostly empty.
        CREATE TABLE path (
            line INTEGER NOT NULL, ancestor BLOB NOT NULL, record BLOB NOT NULL, PRIMARY KEY (line, ancestor, record)
        ) STRICT, WITHOUT ROWID;
        -- What was erased, and the erasure's place in `change`; NULL where that was found damaged.
        CREATE TABLE tombstone (
            line INTEGER NOT NULL, record BLOB NOT NULL, position INTEGER, PRIMARY KEY (line, record)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX tombstone_position ON tombstone (position) WHERE position IS NOT NULL;
        -- Lines that stand on less than they had, until their workstations have brought it back.
        CREATE TABLE restoration (
            line INTEGER PRIMARY KEY, at INTEGER NOT NULL, devices INTEGER NOT NULL, completed INTEGER
        ) STRICT;
        -- Changes that were found damaged, as they were found, for operators. They count as not held. Without what was
        -- sealed: whose it was is not certain, and nobody could erase it any more.
        CREATE TABLE damaged (
            line INTEGER NOT NULL, position INTEGER NOT NULL, found INTEGER NOT NULL, record BLOB, collection INTEGER,
            kind INTEGER, sealed_bytes INTEGER
        ) STRICT;
        """
}

extension LogTables {
    /// Errors: `unusable` for another program's file, and for one of another version.
    static func requireKnown(_ connection: Connection, path: String) throws {
        guard try connection.applicationID() == applicationID else {
            throw ChangeLogError(.unusable, "\(path) is not a store of lugn-server; it was not touched")
        }
        guard try connection.userVersion() == formatVersion else {
            throw ChangeLogError(
                .unusable, "\(path) was written by another version of lugn-server; it was not touched: use that version"
            )
        }
    }
}

/// How positions of all lines share one 64-bit key.
enum LogKey {
    static let positionBits: Int64 = 40
    static let indexBits: Int64 = 14
    /// What is left of 63 bits.
    static let lastLine: Int64 = 511
    static let lastPosition: UInt64 = 1 << UInt64(positionBits) - 1

    static func position(_ line: Int64, _ position: UInt64) -> Int64 { line << positionBits | Int64(position) }
    static func change(_ line: Int64, _ position: UInt64, _ index: Int = 0) -> Int64 {
        self.position(line, position) << indexBits | Int64(index)
    }
    static func change(_ line: Int64, _ place: ChangePlace) -> Int64 { change(line, place.position, place.index) }
    /// The greatest key that a line's changes may have. Inclusive: one more would not fit for the last line.
    static func lastChange(_ line: Int64) -> Int64 { change(line, lastPosition, 1 << Int(indexBits) - 1) }
    static func place(ofChange key: Int64) -> ChangePlace {
        ChangePlace(
            position: UInt64(key >> indexBits) & lastPosition, index: Int(key & (1 << indexBits - 1)))
    }
    /// Where the line stands in a change's key, for conditions.
    static let lineBits = indexBits + positionBits
}
