extension CaseworkError {
    /// At most so many findings are told; the others are counted.
    private static let shownCount = 20

    /// The refusal of a text. It tells kinds and places only.
    ///
    /// - Parameter name: of the text, where there are several; it stands before the places.
    init(personalData findings: [GuardFinding], in name: String? = nil) {
        let prefix = name.map { $0 + ":" } ?? ""
        let shown = findings.prefix(Self.shownCount).map { finding in
            "\(prefix)\(finding) (\(finding.characters.count) characters)"
        }
        let more = findings.count > Self.shownCount ? " and \(findings.count - Self.shownCount) more" : ""
        self.init(
            .personalData,
            "the text has what may point to a person: \(shown.joined(separator: ", "))\(more); nothing was saved: take it out, or mark what points to nobody"
        )
        self.findings = findings
        textName = name
    }
}
