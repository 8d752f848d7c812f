extension TextMatcher {
    /// An IPv6 address (RFC 4291, section 2.2) around a colon.
    ///
    /// - Parameter end: set behind the run of hexadecimal digits and colons, which is not looked at again.
    func internetAddress(at colon: Int, _ end: inout Int) -> Match? {
        var start = colon
        // Nothing of an address stands further than a group to the left of its first colon.
        while start > 0, colon - start < 5, Self.isHexadecimal(text[start - 1]) { start -= 1 }
        end = colon
        while Self.isHexadecimal(text[end]) || text[end] == UInt8(ascii: ":") { end += 1 }
        var stop = end
        // A lone colon at the end is the sentence's.
        if text[stop - 1] == UInt8(ascii: ":"), text[stop - 2] != UInt8(ascii: ":") { stop -= 1 }
        guard stop - start <= 39, !ScannedText.isAlphanumeric(text[start - 1]), !ScannedText.isAlphanumeric(text[stop])
        else { return nil }
        let parts = text.cells[start..<stop].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        let groups = parts.filter { !$0.isEmpty }
        guard groups.allSatisfy({ $0.count <= 4 }) else { return nil }
        let emptyCount = parts.dropFirst().dropLast().count { $0.isEmpty }
        let isCompressed =
            emptyCount >= 1 && emptyCount <= 2 && groups.count <= 7 && groups.count >= 2
            && groups.contains { $0.count >= 3 && $0.contains(where: ScannedText.isDigit) }
        return groups.count == 8 && parts.count == 8 || isCompressed
            ? Match(kind: .ipAddress, cells: start..<stop) : nil
    }

    private static func isHexadecimal(_ cell: UInt8) -> Bool { ScannedText.isDigit(cell) || cell &- 97 < 6 }

    /// Lengths of IBANs by country. Source: the IBAN registry of SWIFT.
    private static let lengths: [UInt16: Int] = {
        let list =
            "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
        var lengths: [UInt16: Int] = [:]
        for entry in list.lowercased().split(separator: " ") {
            let bytes = Array(entry.utf8)
            lengths[UInt16(bytes[0]) << 8 | UInt16(bytes[1])] = Int(bytes[2] - 48) * 10 + Int(bytes[3] - 48)
        }
        return lengths
    }()

    /// An IBAN (ISO 13616) that begins here, with spaces or hyphens between its signs or not.
    func bankAccount(at start: Int) -> Match? {
        guard ScannedText.isDigit(text[start + 2]), ScannedText.isDigit(text[start + 3]),
            !ScannedText.isAlphanumeric(text[start - 1]),
            let length = Self.lengths[UInt16(text[start]) << 8 | UInt16(text[start + 1])]
        else { return nil }
        var characters: [UInt8] = []
        characters.reserveCapacity(length)
        var index = start
        while characters.count < length {
            if text[index] == UInt8(ascii: " ") || text[index] == UInt8(ascii: "-") { index += 1 }
            let cell = text[index]
            guard ScannedText.isDigit(cell) || cell &- 97 < 26 else { return nil }
            characters.append(cell)
            index += 1
        }
        guard !ScannedText.isAlphanumeric(text[index]), CheckDigits.isIBAN(characters) else { return nil }
        let isAllowed = allowed.accounts.contains(String(decoding: characters, as: UTF8.self))
        return Match(kind: isAllowed ? nil : .iban, cells: start..<index)
    }
}
