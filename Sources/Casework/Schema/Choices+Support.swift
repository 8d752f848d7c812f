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

public enum PromiseStatus: String, Choice {
    case open
    case kept
    /// Not needed any more.
    case dropped
    public static let topic = "promise"
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
