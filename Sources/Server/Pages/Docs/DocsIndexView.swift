import HTTPTypes

/// All operations by subject, or those that hold what was sought.
struct DocsIndexView: Sendable {
  let sought: String
  let isSought, isEmpty: Bool
  let found: String
  let tags: [Tag]
  let problems: [KindLink]
  let hasProblems: Bool

  struct Tag: Sendable {
    let name, note, anchor: String
    let operations: [OperationLink]
  }

  init(_ operations: [Operation], sought: String?) {
    let words = (sought ?? "").prefix(100).lowercased().split(separator: " ")
    func holds(_ text: String) -> Bool {
      let text = text.lowercased()
      return words.allSatisfy { text.contains($0) }
    }
    let matching = operations.filter { holds("\($0.id) \($0.method.rawValue) \($0.path) \($0.title) \($0.note)") }
    self.sought = String((sought ?? "").prefix(100))
    isSought = !words.isEmpty
    tags = Operation.Tag.allCases.compactMap { tag in
      let links = matching.filter { $0.tag == tag }.map { OperationLink($0) }
      guard !links.isEmpty else { return nil }
      return Tag(name: tag.rawValue, note: tag.note, anchor: tag.rawValue.lowercased(), operations: links)
    }
    problems = Problem.Kind.allCases.filter { holds("\($0.rawValue) \($0.title)") }.map { KindLink($0) }
    hasProblems = !problems.isEmpty
    isEmpty = matching.isEmpty && problems.isEmpty
    found = "\(matching.count) of \(operations.count) operations, \(problems.count) kinds of problems"
  }
}

/// A link to an operation.
struct OperationLink: Sendable {
  let method, path, title, link: String

  init(_ operation: Operation) {
    (method, path, title) = (operation.method.rawValue, operation.path, operation.title)
    link = Place.docs(operation).path
  }
}

/// A link to a kind of problem.
struct KindLink: Sendable {
  let word, title, link: String
  let status: Int

  init(_ kind: Problem.Kind) {
    (word, title, status) = (kind.rawValue, kind.title, kind.status.code)
    link = Place.docs(kind).path
  }
}
