extension NumberMatcher {
    /// An IPv4 address: four numbers to 255 with a dot between, one of them of two digits at least.
    ///
    /// Sections ("avsnitt 4.2.1.3"), versions and what is no computer's own address (loopback, masks) pass.
    func internetAddress(_ first: Int) -> Match? {
        let last = first + 3
        guard last < groups.groups.count,
            (first...last).allSatisfy({ groups.count($0) <= 3 && groups.value($0) <= 255 }),
            (first + 1...last).allSatisfy({ groups.groups[$0].gap == .dot }), !isDottedOn(last),
            (first...last).contains(where: { groups.count($0) >= 2 }),
            // 070.174.06.05
            groups.count(first) == 1 || groups.digits(first, first).first != 0
        else { return nil }
        let isPublic = [0, 127, 255].contains(groups.value(first)) || groups.groups[first].distance(to: .section) <= 2
        return Match(kind: isPublic ? nil : .ipAddress, last: last, cells: groups.cells(first, last))
    }

    private func isDottedOn(_ last: Int) -> Bool { groups.gap(after: last) == .dot }
}
