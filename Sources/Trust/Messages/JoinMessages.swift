public import SyncProtocol

/// `POST /v2/join`: `[2, offer]`, signed by the invitation's key. Asked again it is answered the same; with other keys it is
/// refused with `invitation-used`.
public struct JoinRequest: Hashable, Sendable {
    public var offer: JoinOffer
    public init(offer: JoinOffer) { self.offer = offer }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(2)
        writer.unsigned(SyncRequest.version)
        writer.data(offer.encoded())
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 2)
        _ = try reader.version()
        offer = try JoinOffer(encoded: Array(try reader.data(limit: 1_000)))
        try reader.finish()
    }
}

/// The answer to `POST /v2/join`, `GET /v2/join` and `POST /v2/join/reveal`:
/// `[2, state, lead or null, lead's random bytes or null, expires, contested, server's time]`.
public struct JoinStatus: Hashable, Sendable {
    public var state: InvitationList.State
    /// Who answered.
    public var lead: DeviceID?
    public var leadRandom: [UInt8]?
    public var expires: Int64
    /// Somebody else has tried to use the same invitation.
    public var isContested: Bool
    public var serverTime: Int64

    public init(
        state: InvitationList.State, lead: DeviceID?, leadRandom: [UInt8]?, expires: Int64, isContested: Bool,
        serverTime: Int64
    ) {
        self.state = state
        self.lead = lead
        self.leadRandom = leadRandom
        self.expires = expires
        self.isContested = isContested
        self.serverTime = serverTime
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(7)
        writer.unsigned(SyncRequest.version)
        writer.unsigned(state.rawValue)
        writer.optional(lead?.bytes)
        writer.optional(leadRandom)
        writer.integer(expires)
        writer.boolean(isContested)
        writer.integer(serverTime)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 7)
        _ = try reader.version()
        state = try reader.joinState()
        lead = try reader.optionalData(exactly: 16).flatMap { DeviceID($0) }
        leadRandom = try reader.optionalData(exactly: JoinOffer.randomBytes)
        expires = try reader.milliseconds()
        isContested = try reader.boolean()
        serverTime = try reader.serverTime()
        try reader.finish()
    }
}

/// `POST /v2/join/reveal`: `[2, random bytes]`, what the offer was a commitment to.
public struct RevealRequest: Hashable, Sendable {
    public var random: [UInt8]
    public init(random: [UInt8]) { self.random = random }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(2)
        writer.unsigned(SyncRequest.version)
        writer.data(random)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 2)
        _ = try reader.version()
        random = Array(try reader.data(exactly: JoinOffer.randomBytes))
        try reader.finish()
    }
}

/// `POST /v2/joins/answer`: `[2, invitation, random bytes]`, a lead's. The first answer counts; another one of another lead is
/// refused with `join-answered`. The answer is empty: status 204.
public struct JoinAnswer: Hashable, Sendable {
    public var invitation: InvitationID
    public var random: [UInt8]
    public init(invitation: InvitationID, random: [UInt8]) {
        self.invitation = invitation
        self.random = random
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(3)
        writer.unsigned(SyncRequest.version)
        writer.data(invitation.bytes)
        writer.data(random)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 3)
        _ = try reader.version()
        invitation = try reader.invitation()
        random = Array(try reader.data(exactly: JoinOffer.randomBytes))
        try reader.finish()
    }
}
