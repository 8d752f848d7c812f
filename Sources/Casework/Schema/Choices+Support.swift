/// What the caller asked for.
public enum Request: String, Choice {
    /// Somebody to talk to.
    case conversation
    case advice
    /// Knowledge of extremism, mostly by somebody who works with it.
    case knowledge
    /// Somebody who can help closer by.
    case referral
    case other
    public static let topic = "request"
}

/// How another language was spoken.
public enum Interpreting: String, Choice {
    /// Through somebody on the team who speaks it.
    case colleague
    /// A telephone interpreter (telefontolk).
    case interpreter
    public static let topic = "interpreting"
}

/// What a text in a case is.
public enum NoteKind: String, Choice {
    case note
    /// What was said in a contact, in short.
    case summary
    /// What was agreed on at its end.
    case nextStep
    /// What was promised.
    case promise
    /// A word on a referral or what came of it.
    case referral
    public static let topic = "kind of note"
}

/// What is kept of a case beside contacts, texts, referrals and follow-ups.
public enum MeasureKind: String, Choice {
    case promise
    /// A report of concern to social services (orosanmälan): that and when, nothing else.
    case concernReport
    /// That somebody has assessed what a child needs.
    case assessment
    /// That a lead has looked at the case for its quality.
    case review
    public static let topic = "kind of measure"
}

public enum MeasureStatus: String, Choice {
    /// A promise that is to be kept.
    case open
    case kept
    /// A promise that is not needed any more.
    case dropped
    /// Of all that is no promise.
    case made
    public static let topic = "status of a measure"
}

/// What the caller answered when research was offered (efterforskning), which it is in each new case.
public enum ResearchOffer: String, Choice {
    /// Yes, and the helpline calls back.
    case weCall
    /// Yes, and the caller rings back on an agreed day.
    case ringsBack
    /// No; the caller takes what tips there are.
    case no
    public static let topic = "offer of research"

    /// The way of a referral that follows from it.
    public var proposedWay: ReferralWay { self == .no ? .tips : .research }

    /// What is agreed with it.
    var followUp: FollowUpKind? {
        switch self {
        case .weCall: .call
        case .ringsBack: .ringBack
        case .no: nil
        }
    }
}

/// How the caller heard of the line.
public enum HeardOf: String, Choice {
    case search
    case authority
    case colleague
    case friend
    case media
    case other
    public static let topic = "heard of the line through"
}

/// Three ways to a helper, by the caller's choice.
public enum ReferralWay: String, Choice {
    /// The helpline looks for somebody, then calls back or is called.
    case research
    /// The helpline makes the first contact (förmedlar kontakt).
    case firstContact
    /// The caller takes the tips that exist.
    case tips
    public static let topic = "way"
}

public enum ReferralOutcome: String, Choice {
    case contactMade
    case supportReceived
    case declined
    case didNotHelp
    case nobodyToReferTo
    case notKnown
    public static let topic = "outcome"
}

public enum FollowUpKind: String, Choice {
    /// The helpline calls.
    case call
    /// The caller, who wants to stay anonymous, rings back.
    case ringBack
    public static let topic = "follow-up"
}

public enum FollowUpStatus: String, Choice {
    case planned
    /// They spoke.
    case reached
    /// The last attempt was not answered, or the caller did not ring back.
    case unreachable
    case cancelled
    public static let topic = "follow-up status"
}

public enum AttemptResult: String, Choice {
    case reached
    case noAnswer
    public static let topic = "result"
}
