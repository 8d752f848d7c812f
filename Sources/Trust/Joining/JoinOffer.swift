import Sealing
public import SyncProtocol

/// What a new workstation says of itself when it asks to be let in. The server passes it on to the leads.
///
/// The two sides then agree on six digits: first the new workstation commits itself to 32 random bytes, then a lead's answers
/// with its own, then the commitment is opened (commit, then reveal, as in Vaudenay, "Secure communications over insecure
/// channels based on short authenticated strings", CRYPTO 2005). Whoever took the invitation on its way and stands between
/// both cannot try keys until the digits fit: the odds are one in a million for each admission.
public struct JoinOffer: Hashable, Sendable {
    public var keys: PublicKeys
    /// The workstation's name under K.
    public var sealedName: [UInt8]
    public var consent: [UInt8]
    /// `H("lugn join commitment 2" ‖ random)`.
    public var commitment: [UInt8]
    /// A keyed hash under K over all of it: only who held the invitation can have made the offer.
    public var tag: [UInt8]

    public static let randomBytes = 32
    private static let namePurpose = Array("lugn join name 2".utf8)

    /// - Parameter name: at most `Limits.nameBytes` long.
    public init(
        name: String, line: LineID, invitation: InvitationKeys, keys: DeviceKeys, random: [UInt8]
    ) {
        self.keys = keys.publicKeys
        sealedName = SecretBox.seal(PaddedName.bytes(name), key: invitation.name, purpose: Self.namePurpose)
        consent = Consent.sign(line: line, invitation: invitation.id, keys: keys)
        commitment = Self.commitment(random)
        tag = []
        tag = makeTag(line, invitation)
    }

    /// Whether it was made by somebody who held the invitation, for this line.
    public func isGenuine(line: LineID, invitation: InvitationKeys) -> Bool {
        constantTimeEqual(tag, makeTag(line, invitation))
    }

    /// The name; nil if it was not sealed by somebody who held the invitation.
    public func name(_ invitation: InvitationKeys) -> String? {
        SecretBox.open(sealedName, key: invitation.name, purpose: Self.namePurpose).flatMap(PaddedName.text)
    }

    public func isOpened(by random: [UInt8]) -> Bool { commitment == Self.commitment(random) }

    private static func commitment(_ random: [UInt8]) -> [UInt8] {
        Blake2b.hash(Array("lugn join commitment 2".utf8) + random, count: 32)
    }

    private func makeTag(_ line: LineID, _ invitation: InvitationKeys) -> [UInt8] {
        var message = Array("lugn join 2".utf8) + line.bytes + invitation.id.bytes + keys.signing + keys.box
        message += sealedName + consent + commitment
        return Blake2b.hash(message, count: 32, key: invitation.tag.copied())
    }
}

/// The digits that a new workstation shows and a lead types.
public enum JoinDigits {
    public static let count = 6
    /// After so many wrong ones the admission ends.
    public static let attempts = 3

    /// Six digits out of everything that both sides must have seen alike: the whole offer, who answered it, and both randoms.
    ///
    /// They are worth something only if each side stays with what it saw first: a lead answers one offer of an invitation and
    /// no other, and a new workstation opens its commitment to one answer and no other; both keep it on disk. Otherwise whoever
    /// stands between them tries until the digits fit.
    public static func text(
        line: LineID, invitation: InvitationID, offer: JoinOffer, lead: DeviceID, random: [UInt8],
        leadRandom: [UInt8]
    ) -> String {
        let message =
            Array("lugn join digits 2".utf8) + line.bytes + invitation.bytes + Blake2b.hash(offer.encoded(), count: 32)
            + lead.bytes + random + leadRandom
        let number = Blake2b.hash(message, count: 32).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % 1_000_000
        let digits = String(number)
        return String(repeating: "0", count: Self.count - digits.count) + digits
    }
}

extension JoinOffer {
    /// `[signing key, box key, sealed name, consent, commitment, tag]`
    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(6)
        writer.keys(keys)
        for part in [sealedName, consent, commitment, tag] { writer.data(part) }
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 6)
        keys = try reader.keys()
        sealedName = Array(try reader.data(limit: RosterAct.sealedNameBytes))
        consent = Array(try reader.data(exactly: SigningKey.signatureBytes))
        commitment = Array(try reader.data(exactly: 32))
        tag = Array(try reader.data(exactly: 32))
        try reader.finish()
    }
}
