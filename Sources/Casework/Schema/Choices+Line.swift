public enum OrganisationKind: String, Choice {
    case municipality
    case authority
    case civilSociety
    case faithCommunity
    case helpline
    case other
    public static let topic = "kind of organisation"
}

/// Where an entry of the directory comes from.
public enum DirectorySource: String, Choice {
    case commissioner
    case ownContact
    case tip
    public static let topic = "source"
}

public enum VerificationResult: String, Choice {
    /// Somebody answered, and can help.
    case confirmed
    case noAnswer
    /// Somebody answered, and cannot help.
    case cannotHelp
    public static let topic = "result"
}

/// What the internal report tells beside calls and cases.
public enum ActivityKind: String, Choice {
    /// An organisation contacted for support.
    case supportContact
    /// An organisation contacted for training.
    case trainingContact
    case meeting
    /// A meeting of those who know the field (kunskapsråd).
    case knowledgeCouncil
    /// A visit to somebody, or of somebody (studiebesök).
    case studyVisit
    /// A lecture that the team gave.
    case lecture
    /// Training that the team received.
    case training
    /// Keeping up with the field (omvärldsbevakning).
    case fieldWatch
    /// A lesson learned.
    case lesson
    public static let topic = "kind of activity"
}
