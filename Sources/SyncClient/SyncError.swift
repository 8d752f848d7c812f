import Replica

/// Why a sync did not come to its end. Local work is never lost by one: what was written waits in the outbox.
public struct SyncError: Error, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        let name: String

        /// No answer: no network, no server, a connection cut. Worth trying again.
        public static let unreachable = Code(name: "unreachable")
        /// The server was silent for too long. Worth trying again, with less at once.
        public static let timedOut = Code(name: "timedOut")
        /// Something on the way to the server refuses messages of this size. Worth trying again, with less at once.
        public static let tooLargeOnTheWay = Code(name: "tooLargeOnTheWay")
        /// The server has too much to do, or its disk is full. Worth trying again.
        public static let unavailable = Code(name: "unavailable")
        /// The secure connection was refused: a wrong certificate or pin.
        public static let insecure = Code(name: "insecure")
        /// This workstation is not let in: unknown or revoked.
        public static let refused = Code(name: "refused")
        public static let unknownInvitation = Code(name: "unknownInvitation")
        public static let invitationExpired = Code(name: "invitationExpired")
        public static let invitationUsed = Code(name: "invitationUsed")
        /// The server does not know the workstation's key: it was put back to before its admission, or is another server.
        public static let unknownDevice = Code(name: "unknownDevice")
        /// The operator asks for a newer version of this program: ``SyncError/minimumVersion``.
        public static let tooOld = Code(name: "tooOld")
        /// The line holds as much as the operator lets it. Reading and erasing go on.
        public static let noRoom = Code(name: "noRoom")
        /// A lead has removed this workstation.
        public static let removed = Code(name: "removed")
        /// Two branches of the roster that only a person can decide between.
        public static let rosterUndecided = Code(name: "rosterUndecided")
        public static let notLead = Code(name: "notLead")
        /// There is no unsent work of a removed workstation, or not all of it.
        public static let nothingUnsent = Code(name: "nothingUnsent")
        public static let joinAnswered = Code(name: "joinAnswered")
        /// The admission was given up by a lead, or ended after three wrong codes.
        public static let joinEnded = Code(name: "joinEnded")
        /// What came in an admission is not what it should be: somebody stands between both sides.
        public static let tampered = Code(name: "tampered")
        /// The text is no invitation.
        public static let notAnInvitation = Code(name: "notAnInvitation")
        public static let wrongLine = Code(name: "wrongLine")
        /// This workstation cannot make the request at all: a malformed address, a library that is missing.
        public static let unusable = Code(name: "unusable")
        /// The server speaks another version of the protocol: one of the two has to be updated.
        public static let otherVersion = Code(name: "otherVersion")
        /// The server answered something that is not this protocol.
        public static let badAnswer = Code(name: "badAnswer")
        /// The server's answer was changed on its way. Worth trying again.
        public static let damaged = Code(name: "damaged")
        /// Another process is syncing these data continuously already.
        public static let alreadyWatching = Code(name: "alreadyWatching")
        /// The exchange goes on without getting anywhere.
        public static let noProgress = Code(name: "noProgress")
    }

    public var code: Code
    public var message: String
    /// The oldest version that is served, where this one is older.
    public var minimumVersion: String?
    /// How long the server asks to be left alone, in seconds.
    public var retryAfterSeconds: Double?
    public var cause: (any Error)?

    public init(_ code: Code, _ message: String, retryAfterSeconds: Double? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
        self.cause = cause
    }

    public var description: String { message }

    /// What a removed workstation's user is told.
    init(removed status: ReplicaStatus, cause: any Error) {
        let rest =
            switch (status.pending, status.handedOverAt) {
            case (0, _): "all that was written here had been sent"
            case (_, .some):
                "what was written here is safe here, and what had not been sent was handed to the leads, who can read it and take it in"
            case (_, nil): "what was written here is safe here, and what had not been sent stays here"
            }
        self.init(
            .removed, "a lead has taken this workstation out of the line; \(rest): talk to a lead", cause: cause)
    }

    /// Whether a smaller message may do.
    var isAboutSize: Bool {
        code == .tooLarge || code == .tooLargeOnTheWay || code == .timedOut || code == .malformed
    }

    /// Whether the same request may succeed later without anybody doing anything here.
    public var isTransient: Bool {
        code == .unreachable || code == .unavailable || code == .badAnswer || code == .malformed || code == .damaged
            || code == .timedOut
            || code == .tooLargeOnTheWay || code == .tooOld || code == .noRoom
    }
}
