import Mustache

/// A view as templates are rendered with it: its stored properties by name.
///
/// The library looks each name up by walking through all properties of all that is around it, anew for each place of a template; here a value is
/// taken apart once, when something of it is first asked for.
final class ViewFields: MustacheParent, CustomStringConvertible {
  private let value: Any
  private var parts: [String: Any]?
  private var found: [String: Any] = [:]

  init(_ value: Any) { self.value = value }

  /// As the library writes what is no text.
  var description: String { String(describing: value) }

  func child(named name: String) -> Any? {
    if let known = found[name] { return known }
    guard let part = taken()[name], let child = Self.readable(part) else { return nil }
    found[name] = child
    return child
  }

  private func taken() -> [String: Any] {
    if let parts { return parts }
    let taken = Dictionary(
      Mirror(reflecting: value).children.compactMap { part in part.label.map { ($0, part.value) } }
    ) { first, _ in first }
    parts = taken
    return taken
  }

  /// Nil where there is nothing. Texts, numbers and truth as they are; lists of such; all else with its parts.
  static func readable(_ value: Any) -> Any? {
    switch value {
    case is String, is Bool, is Int, is Int64, is Substring, is Double: return value
    default: break
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: return mirror.children.first.flatMap { readable($0.value) }
    case .collection, .set: return mirror.children.compactMap { readable($0.value) }
    case .struct, .class, .tuple: return ViewFields(value)
    default: return value
    }
  }
}
