public import Support

extension CaseworkError {
    /// At most so many findings are told; the others are counted.
    private static let shownCount = 20

    /// The refusal of a text. It tells kinds and places only.
    ///
    /// - Parameter name: of the text, where there are several; it stands before the places.
    init(personalData findings: [GuardFinding], in name: String? = nil) {
        self.init(.personalData, "personalData", ["findings": .findings(findings, in: name, limit: Self.shownCount)])
        self.findings = findings
        textName = name
    }
}

extension Message {
    /// `phone@23 (13 characters), email@40 (16 characters) and 3 more`.
    static func findings(_ findings: [GuardFinding], in name: String?, limit: Int) -> Message {
        let prefix = name.map { $0 + ":" } ?? ""
        let shown = findings.prefix(limit).map { finding -> Message in
            .words("guard.finding", ["place": "\(prefix)\(finding)", "count": "\(finding.characters.count)"])
        }
        // Each behind the one before it.
        let list = shown.dropFirst().reduce(shown.first ?? "") { .words("list.and", ["first": $0, "rest": $1]) }
        if findings.count <= limit { return list }
        return .words("list.more", ["first": list, "count": "\(findings.count - limit)"])
    }
}

extension GuardWarning {
    private static let shownCount = 6

    /// What was saved, and what to do if it ought not to have been.
    public var told: Message {
        .words("guard.warning", ["findings": .findings(findings, in: textName, limit: Self.shownCount)])
    }
}
