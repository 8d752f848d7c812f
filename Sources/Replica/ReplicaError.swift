/// Why a replica could not do what it was asked. The message says what happened and what is safe; it never holds content.
public struct ReplicaError: Error, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        let name: String

        /// The file belongs to another program.
        public static let foreignFile = Code(name: "foreignFile")
        /// The file was written by a newer version of the program or its schema.
        public static let newerVersion = Code(name: "newerVersion")
        /// The file is damaged.
        public static let damaged = Code(name: "damaged")
        /// The file or its folder cannot be read or written.
        public static let inaccessible = Code(name: "inaccessible")
        /// The disk is full; nothing of this write was kept.
        public static let diskFull = Code(name: "diskFull")
        /// Another process held the database for too long.
        public static let busy = Code(name: "busy")
        /// The schema contradicts the one that the file was made with.
        public static let schemaConflict = Code(name: "schemaConflict")
        public static let recordExists = Code(name: "recordExists")
        public static let recordMissing = Code(name: "recordMissing")
        public static let recordErased = Code(name: "recordErased")
        public static let parentMissing = Code(name: "parentMissing")
        /// A value or a commit is over its limit; see `Limits`.
        public static let limit = Code(name: "limit")
        /// The conflict that was to be settled is not what it was when it was read.
        public static let conflictChanged = Code(name: "conflictChanged")
        /// The library was called in a way that cannot be right: a value of another type, a field of another collection, a
        /// statement that changes something in a query, a transaction that is over, a write inside a write.
        public static let misuse = Code(name: "misuse")
        /// The data's file, or its log, is not the one any more that was opened.
        public static let replaced = Code(name: "replaced")
        public static let notJoined = Code(name: "notJoined")
        /// The replica already belongs to another line.
        public static let otherLine = Code(name: "otherLine")
        /// The replica belongs to a line already.
        public static let alreadyJoined = Code(name: "alreadyJoined")
        /// The line has not let this workstation in.
        public static let notAdmitted = Code(name: "notAdmitted")
        /// A lead has removed this workstation.
        public static let removed = Code(name: "removed")
        /// The line's newest key is not here yet.
        public static let waitsForKey = Code(name: "waitsForKey")
        /// The file of this workstation's keys is damaged or missing.
        public static let damagedKeys = Code(name: "damagedKeys")
        /// The server's roster is not the line's, or needs a person's decision.
        public static let wrongRoster = Code(name: "wrongRoster")
        /// Something SQLite said that fits none of the others; see `cause`.
        public static let storage = Code(name: "storage")
        /// The server's answer contradicts the protocol.
        public static let badAnswer = Code(name: "badAnswer")
    }

    public var code: Code
    public var message: String
    public var cause: (any Error)?

    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { message }
}
