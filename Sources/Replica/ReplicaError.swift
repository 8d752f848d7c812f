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
        /// The snapshot that was edited is too old for its causality to be known.
        public static let snapshotTooOld = Code(name: "snapshotTooOld")
        public static let notJoined = Code(name: "notJoined")
        /// The replica already belongs to another line.
        public static let otherLine = Code(name: "otherLine")
        /// The key is not the one this replica works with.
        public static let wrongKey = Code(name: "wrongKey")
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
