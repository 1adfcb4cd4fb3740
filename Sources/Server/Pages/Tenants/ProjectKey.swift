/// The digit that leads to a project: its place among those of its account, the newest first, on whichever page it stands.
enum ProjectKey {
  /// So many have one.
  static let count = 9

  /// Nil beyond the ninth place.
  static func digit(_ place: Int) -> String? { (0..<count).contains(place) ? String(place + 1) : nil }
}
