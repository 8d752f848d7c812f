public import SyncProtocol
public import Trust

/// An invitation as a store keeps it, and what has become of it.
public struct Invited: Hashable, Sendable {
    public var id: InvitationID
    public var kind: Invitation.Kind
    /// Nil for one that founds a line, until it has.
    public var line: LineID?
    /// Of the line that it founds.
    public var lineName: String?
    /// Ed25519, from the invitation's secret: signs the requests of whoever holds it.
    public var signingKey: [UInt8]
    /// When it was made: milliseconds since 1970, by the server's clock.
    public var made: Int64
    /// Until when it is good by the word of whoever made it. See ``end``.
    public var expires: Int64
    /// The lead that made it, and its signature; nil for an operator's.
    public var author: DeviceID?
    public var signature: [UInt8]?
    public var state: InvitationList.State = .open
    /// A second workstation has tried to use it.
    public var isContested = false
    public var offer: JoinOffer?
    /// Who answered the offer, and their random bytes.
    public var lead: DeviceID?
    public var leadRandom: [UInt8]?
    /// What the offer was a commitment to.
    public var random: [UInt8]?

    public init(
        signingKey: [UInt8], kind: Invitation.Kind, line: LineID?, lineName: String? = nil, made: Int64, expires: Int64,
        author: DeviceID?, signature: [UInt8]? = nil
    ) {
        id = InvitationID(signingKey: signingKey)
        self.kind = kind
        self.line = line
        self.lineName = lineName
        self.signingKey = signingKey
        self.made = made
        self.expires = expires
        self.author = author
        self.signature = signature
    }

    /// Until when it is good, by the server's clock: no longer than a day, whatever its maker's clock says.
    public var end: Int64 { min(expires, made + Invitation.hours * 3_600_000) }

    /// How it stands, for whoever holds it.
    public func status(now: Int64) -> JoinStatus {
        JoinStatus(
            state: state, lead: lead, leadRandom: leadRandom, expires: end, isContested: isContested,
            serverTime: now)
    }

    /// How it stands, for a lead.
    public func listed(secret: [UInt8]?) -> InvitationList.Listed {
        InvitationList.Listed(
            id: id, expires: expires, author: author, signature: signature, secret: secret, state: state,
            isContested: isContested, offer: offer, random: random)
    }

    /// Whether a lead has something to do about it.
    public func isWaiting(now: Int64) -> Bool {
        now < end && (state == .asked || state == .answered || state == .revealed)
    }
}

/// A step of joining.
public enum JoinStep: Hashable, Sendable {
    /// Whoever holds the invitation asks to be let in.
    case ask(JoinOffer)
    case answer(lead: DeviceID, random: [UInt8])
    case reveal([UInt8])
    /// Given up, or withdrawn.
    case end
    /// The roster has the admission.
    case admitted
}

extension Invited {
    /// Takes the next step, if it is one. Returns why it is not; what it has changed is to be kept even then: that a second
    /// workstation has tried.
    ///
    /// open → asked → answered → revealed → done, or ended before it is done. A step that was taken before is taken again without
    /// a change, so that a lost answer can be asked for once more.
    public mutating func take(_ step: JoinStep, now: Int64) -> ChangeLogError.Code? {
        switch step {
        case .ask(let offer): return ask(offer, now)
        case .answer(let lead, let random): return answer(lead, random, now)
        case .reveal(let random): return reveal(random, now)
        case .end:
            // What is in the roster is undone by a removal only.
            if state == .done { return .joinOutOfTurn }
            state = .ended
        case .admitted: state = .done
        }
        return nil
    }

    private mutating func ask(_ offer: JoinOffer, _ now: Int64) -> ChangeLogError.Code? {
        guard kind == .join else { return .joinOutOfTurn }
        if let bound = self.offer {
            // The first one's keys have it for good, whatever became of it since.
            if bound.keys != offer.keys { isContested = true }
            if bound != offer { return .invitationUsed }
        }
        if state == .done { return nil }
        if let problem = standing(now) { return problem }
        if state == .open { (state, self.offer) = (.asked, offer) }
        return nil
    }

    private mutating func answer(_ lead: DeviceID, _ random: [UInt8], _ now: Int64) -> ChangeLogError.Code? {
        if self.lead != nil {
            guard self.lead == lead, leadRandom == random else { return .joinAnswered }
            return state == .ended ? .invitationEnded : nil
        }
        if let problem = standing(now) { return problem }
        guard state == .asked else { return .joinOutOfTurn }
        (state, self.lead, leadRandom) = (.answered, lead, random)
        return nil
    }

    private mutating func reveal(_ random: [UInt8], _ now: Int64) -> ChangeLogError.Code? {
        if self.random == random { return state == .ended ? .invitationEnded : nil }
        if let problem = standing(now) { return problem }
        guard state == .answered else { return .joinOutOfTurn }
        // Not opened by it: whoever sent this has not made the offer, or wants to choose anew now that the answer is known.
        guard offer?.isOpened(by: random) == true else { return .joinMismatch }
        (state, self.random) = (.revealed, random)
        return nil
    }

    /// Why it is good for nothing more; nil while it is.
    public func standing(_ now: Int64) -> ChangeLogError.Code? {
        if state == .ended { return .invitationEnded }
        if state == .done { return .invitationUsed }
        return now < end ? nil : .invitationExpired
    }
}
