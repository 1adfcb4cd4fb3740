/// The names of members that mean nothing to us, so that the answer can tell whoever misspelt one: each once, and few.
///
/// Costs nothing where all are known, and a look at the names noted for each that isn't, until they are as many as are told.
struct IgnoredMembers {
  /// Where each first stood.
  private(set) var places: [JSONToken] = []

  mutating func note(_ name: JSONToken, in bytes: UnsafeBufferPointer<UInt8>, upTo limit: Int) {
    guard places.count < limit else { return }
    let text = bytes[name.start..<name.end]
    let isNoted = places.contains { $0.count == name.count && bytes[$0.start..<$0.end].elementsEqual(text) }
    if !isNoted { places.append(name) }
  }
}

extension TrackDecoder {
  /// What was noted, as text to be shown: at most 64 characters of each.
  mutating func ignoredNames() -> [String] {
    var names: [String] = []
    for place in ignored.places {
      let name = withText(place) { PrintableText.of($0) }
      // The same name can be written with other escapes.
      if !names.contains(name) { names.append(name) }
    }
    return names
  }
}
