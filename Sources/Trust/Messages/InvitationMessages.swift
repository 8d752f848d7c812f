public import Sealing
public import SyncProtocol

/// An invitation as the server keeps it: what it needs to check requests of whoever holds it, and the secret, boxed to every lead.
///
/// `POST /v2/invitations`: `[2, signing key, expires, author's signature, [[device, box]…]]`; making the same again changes nothing. The
/// answer is empty: status 204.
///
/// The signature is what other leads believe: a box says nothing of who sealed it, so that a server could make invitations of
/// its own, and requests to join with them. It covers line, invitation and expiry: ``InvitationSignature``.
public struct InvitationRequest: Hashable, Sendable {
    /// Ed25519, from the invitation's secret.
    public var signingKey: [UInt8]
    /// Milliseconds since 1970.
    public var expires: Int64
    public var signature: [UInt8]
    /// The 16-byte secret, sealed to leads: 64 bytes each.
    public var secrets: [SealedSecret]

    public struct SealedSecret: Hashable, Sendable {
        public var device: DeviceID
        public var box: [UInt8]
        public static let bytes = 64
        public init(device: DeviceID, box: [UInt8]) {
            self.device = device
            self.box = box
        }
    }

    public var id: InvitationID { InvitationID(signingKey: signingKey) }
    static let leadLimit = 1_000

    public init(signingKey: [UInt8], expires: Int64, secrets: [SealedSecret], line: LineID, by author: SigningKey) {
        self.signingKey = signingKey
        self.expires = expires
        self.secrets = secrets
        signature = InvitationSignature.sign(
            InvitationID(signingKey: signingKey), expires: expires, line: line, by: author)
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(5)
        writer.unsigned(SyncRequest.version)
        writer.data(signingKey)
        writer.integer(expires)
        writer.data(signature)
        writer.array(secrets.count)
        for secret in secrets {
            writer.array(2)
            writer.data(secret.device.bytes)
            writer.data(secret.box)
        }
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 5)
        _ = try reader.version()
        signingKey = Array(try reader.data(exactly: 32))
        expires = try reader.milliseconds()
        signature = Array(try reader.data(exactly: InvitationSignature.bytes))
        secrets = []
        for _ in 0..<(try reader.array(limit: Self.leadLimit, elementBytes: 80)) {
            try reader.array(exactly: 2)
            let device = try reader.device()
            secrets.append(SealedSecret(device: device, box: Array(try reader.data(exactly: SealedSecret.bytes))))
        }
        try reader.finish()
    }
}

/// `POST /v2/invitations/withdraw` and `POST /v2/joins/end`: `[2, invitation]`. The answer is empty: status 204.
public struct InvitationReference: Hashable, Sendable {
    public var invitation: InvitationID
    public init(_ invitation: InvitationID) { self.invitation = invitation }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(2)
        writer.unsigned(SyncRequest.version)
        writer.data(invitation.bytes)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 2)
        _ = try reader.version()
        invitation = try reader.invitation()
        try reader.finish()
    }
}

/// The answer to `GET /v2/invitations` and `GET /v2/joins`: `[2, server's time, [invitation…]]`, each
/// `[id, expires, made by or null, its signature or null, box of the asking lead or null, state, contested, offer or null, random bytes or null]`.
public struct InvitationList: Hashable, Sendable {
    public var serverTime: Int64
    public var invitations: [Listed]

    public struct Listed: Hashable, Sendable {
        public var id: InvitationID
        public var expires: Int64
        /// The lead that made it; nil for the operator's.
        public var author: DeviceID?
        /// That lead's signature; nil for the operator's.
        public var signature: [UInt8]?
        /// Its secret, sealed to the lead that asks; nil where it was made before that one became a lead.
        public var secret: [UInt8]?
        public var state: State
        /// A second workstation has tried to use it: somebody else may have seen it.
        public var isContested: Bool
        /// What the workstation that uses it says of itself.
        public var offer: JoinOffer?
        /// The random bytes that it committed to, once it has revealed them.
        public var random: [UInt8]?

        public init(
            id: InvitationID, expires: Int64, author: DeviceID?, signature: [UInt8]?, secret: [UInt8]?, state: State,
            isContested: Bool, offer: JoinOffer?, random: [UInt8]?
        ) {
            self.signature = signature
            self.id = id
            self.expires = expires
            self.author = author
            self.secret = secret
            self.state = state
            self.isContested = isContested
            self.offer = offer
            self.random = random
        }
    }

    public enum State: UInt64, Sendable {
        /// Nobody has used it.
        case open = 0
        /// A workstation asks to be let in.
        case asked = 1
        /// A lead has answered.
        case answered = 2
        /// The workstation has opened its commitment: the digits can be typed.
        case revealed = 3
        /// Admitted.
        case done = 4
        /// Given up, or withdrawn.
        case ended = 5
    }

    public init(serverTime: Int64, invitations: [Listed]) {
        self.serverTime = serverTime
        self.invitations = invitations
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(3)
        writer.unsigned(SyncRequest.version)
        writer.integer(serverTime)
        writer.array(invitations.count)
        for invitation in invitations {
            writer.array(9)
            writer.data(invitation.id.bytes)
            writer.integer(invitation.expires)
            writer.optional(invitation.author?.bytes)
            writer.optional(invitation.signature)
            writer.optional(invitation.secret)
            writer.unsigned(invitation.state.rawValue)
            writer.boolean(invitation.isContested)
            writer.optional(invitation.offer?.encoded())
            writer.optional(invitation.random)
        }
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 3)
        _ = try reader.version()
        serverTime = try reader.serverTime()
        invitations = []
        for _ in 0..<(try reader.array(limit: 10_000, elementBytes: 20)) { invitations.append(try reader.listed()) }
        try reader.finish()
    }
}

extension CBORWriter {
    mutating func optional(_ value: [UInt8]?) {
        if let value { data(value) } else { null() }
    }
}

extension CBORReader {
    mutating func optionalData(exactly count: Int) throws(ProtocolError) -> [UInt8]? {
        try takeNull() ? nil : Array(try data(exactly: count))
    }

    mutating func joinState() throws(ProtocolError) -> InvitationList.State {
        let start = offset
        guard let state = InvitationList.State(rawValue: try unsigned()) else {
            throw ProtocolError(.invalidValue, offset: start)
        }
        return state
    }

    fileprivate mutating func listed() throws(ProtocolError) -> InvitationList.Listed {
        try array(exactly: 9)
        let id = try invitation()
        let expires = try milliseconds()
        let author = try optionalData(exactly: 16).flatMap { DeviceID($0) }
        let signature = try optionalData(exactly: InvitationSignature.bytes)
        let secret = try optionalData(exactly: InvitationRequest.SealedSecret.bytes)
        let state = try joinState()
        let isContested = try boolean()
        let offer: JoinOffer? = try takeNull() ? nil : JoinOffer(encoded: Array(try data(limit: 1_000)))
        return InvitationList.Listed(
            id: id, expires: expires, author: author, signature: signature, secret: secret, state: state,
            isContested: isContested, offer: offer, random: try optionalData(exactly: JoinOffer.randomBytes))
    }
}
