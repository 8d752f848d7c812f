/// Why the store did not do what it was asked. Nothing of the request was kept then.
public struct ChangeLogError: Error, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        let name: String
        public static let unknownInvitation = Code(name: "unknownInvitation")
        public static let invitationExpired = Code(name: "invitationExpired")
        /// It was used before, or other keys have bound it.
        public static let invitationUsed = Code(name: "invitationUsed")
        /// It was withdrawn, or the admission was given up.
        public static let invitationEnded = Code(name: "invitationEnded")
        /// Another lead, or other random bytes, answered first.
        public static let joinAnswered = Code(name: "joinAnswered")
        /// The step does not follow the one before.
        public static let joinOutOfTurn = Code(name: "joinOutOfTurn")
        /// The random bytes are not those that the offer was a commitment to.
        public static let joinMismatch = Code(name: "joinMismatch")
        /// An entry of a roster is not a valid one.
        public static let rosterRefused = Code(name: "rosterRefused")
        /// Two branches of a roster that each take rights away.
        public static let rosterUndecided = Code(name: "rosterUndecided")
        public static let lineExists = Code(name: "lineExists")
        public static let unknownLine = Code(name: "unknownLine")
        /// What an operator wants something done to is not there.
        public static let notFound = Code(name: "notFound")
        /// Only a lead may do it.
        public static let notLead = Code(name: "notLead")
        /// It is not this operator's to do.
        public static let notAllowed = Code(name: "notAllowed")
        /// The device is not in the roster.
        public static let unknownDevice = Code(name: "unknownDevice")
        /// The device was removed by an entry of the roster.
        public static let removed = Code(name: "removed")
        /// The request names a line that is not the device's.
        public static let wrongLine = Code(name: "wrongLine")
        /// The replica is another device's.
        public static let wrongDevice = Code(name: "wrongDevice")
        /// The device was blocked by an operator.
        public static let revoked = Code(name: "revoked")
        /// The request contradicts itself or the protocol's ranges; no sound replica sends such a one.
        public static let malformed = Code(name: "malformed")
        /// One store holds 511 lines.
        public static let tooManyLines = Code(name: "tooManyLines")
        public static let storageFull = Code(name: "storageFull")
        /// The store is another program's, of a newer version, or damaged.
        public static let unusable = Code(name: "unusable")
        public static let storage = Code(name: "storage")
    }
    public var code: Code
    public var message: String
    public var cause: (any Error)?
    /// What of the disk or the store is behind it, in one word: `disk-full`, `read-only`, `busy`, `damaged`, `cannot-open`,
    /// `disk-error`; `store` for anything else.
    public var storageCause: StaticString = "store"

    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
    public var description: String { message }
}
