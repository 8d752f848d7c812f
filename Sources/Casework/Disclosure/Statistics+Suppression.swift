extension Statistics {
    /// The report with small numbers hidden, by itself: see ``Casework/publication(_:below:)`` for what may be published.
    ///
    /// - Parameter limit: at least 2.
    ///
    /// Errors: `notSafe`.
    public func suppressing(below limit: Int) throws(CaseworkError) -> Statistics {
        try suppressing(below: limit, besides: [], parts: [self])
    }

    /// How long may be spent on what to hide, in seconds; then the report is refused.
    static let suppressionSeconds = 2.0

    /// The same with numbers from 1 up to below the limit hidden, and as many more as it takes that nothing hidden can be
    /// computed: not from this report, nor together with those that were published before.
    ///
    /// - Parameters:
    ///   - limit: at least 2. Of every hidden number so many values are possible, for all that is printed.
    ///   - earlier: what was published of the same time.
    ///   - parts: what the report's numbers are sums of: counts of periods that do not overlap.
    ///
    /// Errors: `notSafe` where no way of hiding was found in the time there is.
    ///
    /// Cost: that of ``CellSuppression``, at most ``suppressionSeconds``.
    func suppressing(
        below limit: Int, besides earlier: [Publication], parts: [Statistics],
        within seconds: Double = suppressionSeconds
    ) throws(CaseworkError) -> Statistics {
        precondition(limit >= 2)
        var result = self
        result.suppressedBelow = limit
        result.language = language.merging(below: limit)
        var model = StatisticsModel(parts: parts)
        for publication in earlier { model.add(publication) }
        let names = model.add(result, below: limit)
        do {
            let deadline = ContinuousClock.now + .seconds(seconds)
            let hidden = try model.hidden(names, below: limit, deadline: deadline)
            result.hide(Set(names.filter { hidden.contains($0.value) }.keys))
        } catch {
            throw CaseworkError(
                .notSafe,
                "publish.notSafe", ["seconds": "\(seconds)"]
            )
        }
        result.language = result.language.hiddenLast
        return result
    }
}
