import Sealing
public import SyncProtocol

/// A new workstation's side of an admission, as it keeps it from the offer to the end.
///
/// It opens its commitment to the first answer and stays with it: one that took a second would let a server try answers until
/// the digits fit.
public struct JoinAttempt: Hashable, Sendable {
    public let invitation: InvitationID
    public let offer: JoinOffer
    /// What the offer is a commitment to. To be sent only when there is an ``answer``, which must have been kept before.
    public let random: [UInt8]
    public private(set) var answer: Answer?

    public struct Answer: Hashable, Sendable {
        public var lead: DeviceID
        public var random: [UInt8]
    }

    /// - Parameter name: at most `Limits.nameBytes` long.
    public init(name: String, line: LineID, invitation: InvitationKeys, keys: DeviceKeys) {
        self.invitation = invitation.id
        random = randomBytes(JoinOffer.randomBytes)
        offer = JoinOffer(name: name, line: line, invitation: invitation, keys: keys, random: random)
    }

    /// Takes a lead's answer; false for another one than it took before: somebody stands between, and the join must end.
    public mutating func take(lead: DeviceID, random: [UInt8]) -> Bool {
        let answer = Answer(lead: lead, random: random)
        guard let taken = self.answer else {
            self.answer = answer
            return true
        }
        return taken == answer
    }

    /// What to show; nil while no lead has answered.
    public func digits(line: LineID) -> String? {
        answer.map {
            JoinDigits.text(
                line: line, invitation: invitation, offer: offer, lead: $0.lead, random: random, leadRandom: $0.random)
        }
    }
}

extension JoinAttempt {
    /// `[invitation, offer, random, lead or null, lead's random or null]`, to be kept.
    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(5)
        writer.data(invitation.bytes)
        writer.data(offer.encoded())
        writer.data(random)
        writer.optional(answer?.lead.bytes)
        writer.optional(answer?.random)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 5)
        invitation = try reader.invitation()
        offer = try JoinOffer(encoded: Array(try reader.data(limit: 1_000)))
        random = Array(try reader.data(exactly: JoinOffer.randomBytes))
        let lead = try reader.optionalData(exactly: 16).flatMap { DeviceID($0) }
        let leadRandom = try reader.optionalData(exactly: JoinOffer.randomBytes)
        try reader.finish()
        guard (lead == nil) == (leadRandom == nil) else { throw ProtocolError(.invalidValue, offset: 0) }
        if let lead, let leadRandom { answer = Answer(lead: lead, random: leadRandom) }
    }
}
