extension Statistics {
    /// The same with numbers from 1 up to below the limit hidden, and those from which they could be computed.
    ///
    /// - Parameter limit: at least 2.
    public func suppressing(below limit: Int) -> Statistics {
        let suppression = Suppression(below: limit)
        var result = self
        result.suppressedBelow = limit
        result.language = suppression.mergeSmall(language)
        let areContactsSafe = result.hideContacts(suppression)
        // There are as many opening contacts as cases, so that neither can be shown where the other cannot.
        let areSafe = result.hideCases(suppression) && areContactsSafe
        if !areSafe { result.hideTotals(suppression) }
        result.language = suppression.sorted(result.language)
        suppression.hideConcerns(&result.concern, cases: result.cases.count)
        result.hideChildren(self, suppression)
        if !suppression.hideParts(&result.referrals) { suppression.hideAll(&result.referrals) }
        if !suppression.hideParts(&result.closings) { suppression.hideAll(&result.closings) }
        result.concernReports = suppression.single(concernReports)
        result.undated = suppression.single(undated)
        result.mistakes.cases = suppression.single(mistakes.cases)
        result.mistakes.contacts = suppression.single(mistakes.contacts)
        // Mostly the same cases.
        let mistake = ClosingReason.mistake.rawValue
        if result.closings[mistake].count == nil, !mistakes.cases.isZero { result.mistakes.cases = .hidden }
        return result
    }

    /// - Returns: whether the total may be shown.
    private mutating func hideContacts(_ suppression: Suppression) -> Bool {
        var isSafe = !suppression.isSmall(contactCount.count)
        for path in Self.contactTallies { isSafe = suppression.hideParts(&self[keyPath: path]) && isSafe }
        for path in Self.monthColumns {
            var figures = contacts.map { $0[keyPath: path] }
            isSafe = suppression.hideParts(&figures) && isSafe
            for (index, figure) in figures.enumerated() { contacts[index][keyPath: path] = figure }
        }
        return isSafe
    }

    /// - Returns: whether the total may be shown.
    private mutating func hideCases(_ suppression: Suppression) -> Bool {
        var isSafe = !suppression.isSmall(cases.count)
        for path in Self.caseTallies { isSafe = suppression.hideParts(&self[keyPath: path]) && isSafe }
        return isSafe
    }

    /// Hides the totals, and all that they could be added up from.
    private mutating func hideTotals(_ suppression: Suppression) {
        for path in Self.contactTallies + Self.caseTallies { suppression.hideAll(&self[keyPath: path]) }
        for path in Self.monthColumns {
            for index in contacts.indices where !contacts[index][keyPath: path].isZero {
                contacts[index][keyPath: path] = .hidden
            }
        }
        if !contactCount.isZero { contactCount = .hidden }
        if !cases.isZero { cases = .hidden }
    }

    private mutating func hideChildren(_ whole: Statistics, _ suppression: Suppression) {
        let (number, all) = (whole.children.count ?? 0, whole.cases.count ?? 0)
        let youngest = AgeBand.under18.reportWord
        let differences = [number - (whole.age[youngest].count ?? 0), all - number]
        let tellsAge = age[youngest].count == nil || cases.count == nil
        if number > 0, tellsAge || suppression.isSmall(number) || differences.contains(where: suppression.isSmall) {
            children = .hidden
        }
    }

    private static var contactTallies: [WritableKeyPath<Statistics, Tally>] {
        [\.channel, \.language, \.interpreting, \.request, \.openingHours]
    }

    private static var caseTallies: [WritableKeyPath<Statistics, Tally>] { [\.caller, \.age] }

    private static var monthColumns: [WritableKeyPath<MonthlyContacts, Figure>] {
        [\.opening, \.repeat, \.withoutCase, \.outbound, \.other]
    }
}
