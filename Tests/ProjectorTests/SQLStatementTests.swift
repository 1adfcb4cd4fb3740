import Testing

@testable import Projector

@Suite struct SQLStatementTests {
  @Test func semicolonsInQuotesAndCommentsSeparateNothing() {
    let statements = SQLStatement.all(
      in: """
        -- one; two
        SELECT 'a;''b', "c;d", E'e\\';f', $$g;h$$, $tag$i;$$;$tag$ /* j; /* k; */ ; */ FROM t WHERE a = $2;
        SET LOCAL x = off;
        SELECT a$3 FROM $1
        -- a comment at the end is no statement;
        """)
    #expect(statements.map(\.parameterCount) == [2, 0, 1])
    #expect(statements[1].sql.contains("SET LOCAL x = off"))
  }

  @Test(arguments: ["", ";;", " -- nothing\n; /* none */ "]) func nothingIsNoStatement(file: String) {
    #expect(SQLStatement.all(in: file).isEmpty)
  }

  @Test func whatIsNeverClosedEndsWithTheFile() {
    #expect(SQLStatement.all(in: "SELECT 'a; SELECT 1").count == 1)
    #expect(SQLStatement.all(in: "SELECT $a$; SELECT 1").count == 1)
    #expect(SQLStatement.all(in: "SELECT 1 /* ; SELECT 2").count == 1)
  }
}
