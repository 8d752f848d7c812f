/// Why the store did not do what it was asked. Nothing of the request was kept then.
public struct ChangeLogError: Error, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        let name: String
        public static let unknownInvitation = Code(name: "unknownInvitation")
        public static let invitationExpired = Code(name: "invitationExpired")
        public static let invitationUsed = Code(name: "invitationUsed")
        public static let wrongKey = Code(name: "wrongKey")
        /// The request names a line that is not the device's.
        public static let wrongLine = Code(name: "wrongLine")
        /// The replica is another device's.
        public static let wrongDevice = Code(name: "wrongDevice")
        /// The device was revoked.
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
