//! One Go source file: what it imports, and what it declares at its top level.
//!
//! Tokens, not a syntax tree: enough for import declarations, `func main`, and variables of the
//! type `string` (The Go Programming Language Specification, "Source code representation").

use super::constraint::{Constraint, GoTarget};

/// What a source file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GoSource {
    /// Its file name.
    name: String,
    constraint: Constraint,
    /// The paths that it imports.
    pub imports: Vec<String>,
    /// Whether it declares the `main` function of a main package.
    pub is_main: bool,
    /// Its variables that a text can be written into when they are linked: of the type `string`, or
    /// initialised with a text.
    pub texts: Vec<String>,
}

impl GoSource {
    /// Reads the file called `name`.
    #[must_use]
    pub fn read(name: &str, source: &str) -> Self {
        let constraint = Constraint::read(source);
        let mut file = Self { name: name.to_owned(), constraint, ..Self::default() };
        let mut tokens = Tokens::of(source);
        let (mut depth, mut package, mut fresh) = (0_usize, "", true);
        while let Some(token) = tokens.next() {
            match token {
                Token::Mark('{' | '(' | '[') => depth += 1,
                Token::Mark('}' | ')' | ']') => depth = depth.saturating_sub(1),
                Token::Word(word) if depth == 0 && fresh => match word {
                    "package" => package = tokens.word().unwrap_or_default(),
                    "import" => tokens.lines(&mut |line| file.import(line)),
                    "var" => tokens.lines(&mut |line| file.variables(line)),
                    "func" => file.is_main |= package == "main" && tokens.word() == Some("main"),
                    _ => {}
                },
                _ => {}
            }
            fresh = token == Token::End;
        }
        file
    }

    /// Whether it is compiled for `target`.
    #[must_use]
    pub fn is_for(&self, target: GoTarget<'_>) -> bool {
        target.takes_name(&self.name)
            && self.constraint.holds(target)
            && !self.imports.iter().any(|path| path == "C")
    }

    /// Whether nothing but its name decides when it is compiled.
    #[must_use]
    pub fn is_everywhere(&self) -> bool {
        self.constraint == Constraint::default() && !self.imports.iter().any(|path| path == "C")
    }

    /// Whether it is kept from every build, by the tag that nobody sets.
    #[must_use]
    pub fn is_ignored(&self) -> bool {
        self.constraint.is_ignore()
    }

    fn import(&mut self, line: &[Token<'_>]) {
        if let Some(Token::Text(path)) = line.iter().find(|token| matches!(token, Token::Text(_))) {
            self.imports.push((*path).to_owned());
        }
    }

    /// One line of a `var` declaration: names, perhaps a type, perhaps values.
    fn variables(&mut self, line: &[Token<'_>]) {
        let at = line.iter().position(|token| *token == Token::Mark('='));
        let (left, right) = line.split_at(at.unwrap_or(line.len()));
        let mut names = Vec::new();
        let mut rest = left;
        while let [Token::Word(name), after @ ..] = rest {
            names.push(*name);
            rest = after;
            match after {
                [Token::Mark(','), after @ ..] => rest = after,
                _ => break,
            }
        }
        match rest {
            [Token::Word("string")] => self.texts.extend(names.into_iter().map(str::to_owned)),
            [] => {
                let values = right.get(1..).unwrap_or_default();
                let values = values.split(|token| *token == Token::Mark(','));
                let pairs = names.into_iter().zip(values);
                let texts = pairs.filter(|(_, value)| matches!(value, [Token::Text(_)]));
                self.texts.extend(texts.map(|(name, _)| name.to_owned()));
            }
            _ => {}
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Word(&'t str),
    /// The inside of a string literal.
    Text(&'t str),
    Mark(char),
    /// The end of a line, or a semicolon.
    End,
}

/// The tokens of a text that are still to come.
#[derive(Debug, Clone, Copy)]
struct Tokens<'t> {
    rest: &'t str,
    /// Whether the end of the line ends a statement.
    ends: bool,
}

/// A declaration of variables is read as far as this: values may be tables of many lines.
const MAX_TOKENS: usize = 256;

impl<'t> Tokens<'t> {
    fn of(source: &'t str) -> Self {
        Self { rest: source.trim_start_matches('\u{feff}'), ends: false }
    }

    /// The next token, if it is a word.
    fn word(&mut self) -> Option<&'t str> {
        let before = *self;
        match self.next() {
            Some(Token::Word(word)) => Some(word),
            _ => {
                *self = before;
                None
            }
        }
    }

    /// Gives the lines of a declaration to `take`: the one that follows, or all in parentheses. Of
    /// what is in brackets, a line has the brackets alone.
    fn lines(&mut self, take: &mut dyn FnMut(&[Token<'t>])) {
        let before = *self;
        let in_group = self.next() == Some(Token::Mark('('));
        if !in_group {
            *self = before;
        }
        let (mut line, mut depth) = (Vec::new(), 0_usize);
        loop {
            let before = *self;
            let token = self.next();
            let is_outer = depth == 0;
            match token {
                None | Some(Token::End | Token::Mark(')')) if is_outer => {
                    take(&line);
                    line.clear();
                    if !in_group {
                        // Whoever reads on learns from it that a statement has ended.
                        *self = before;
                    }
                    if token != Some(Token::End) || !in_group {
                        return;
                    }
                    continue;
                }
                None => return,
                Some(Token::Mark('{' | '(' | '[')) => depth += 1,
                Some(Token::Mark('}' | ')' | ']')) => depth = depth.saturating_sub(1),
                _ => {}
            }
            if is_outer && line.len() < MAX_TOKENS {
                line.extend(token);
            }
        }
    }

    /// The length of the token in front; what is white space or a comment has no token.
    fn measure(&self) -> Option<(usize, Option<Token<'t>>)> {
        let rest = self.rest;
        let first = rest.chars().next()?;
        let until = |text: &str, end: &str| text.find(end).map_or(text.len(), |at| at + end.len());
        Some(match first {
            '\n' | ';' => (1, (self.ends || first == ';').then_some(Token::End)),
            '/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), None),
            '/' if rest.starts_with("/*") => (2 + until(&rest[2..], "*/"), None),
            '`' => {
                let length = 1 + until(&rest[1..], "`");
                (length, Some(Token::Text(rest[1..length].trim_end_matches('`'))))
            }
            '"' | '\'' => {
                let length = quoted(rest, first);
                let inside = rest[1..length].strip_suffix(first).unwrap_or(&rest[1..length]);
                let is_text = first == '"';
                (length, Some(if is_text { Token::Text(inside) } else { Token::Mark(first) }))
            }
            _ if is_word(first) => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                (length, Some(Token::Word(&rest[..length])))
            }
            _ if first.is_whitespace() => (first.len_utf8(), None),
            _ => (first.len_utf8(), Some(Token::Mark(first))),
        })
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            let (length, token) = self.measure()?;
            self.rest = &self.rest[length..];
            if let Some(token) = token {
                self.ends = match token {
                    Token::Word(_) | Token::Text(_) => true,
                    Token::Mark(mark) => matches!(mark, ')' | ']' | '}' | '\''),
                    Token::End => false,
                };
                return Some(token);
            }
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of the literal in front, which ends at `quote` or at the end of its line.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = true;
    for (at, c) in text.char_indices() {
        match c {
            '\n' => return at,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_that_a_link_can_set_are_variables_of_strings() {
        let check = |declaration: &str, expected: &[&str]| {
            let source = format!("package main\n\n{declaration}\n\nfunc main() {{}}\n");
            let file = GoSource::read("main.go", &source);
            assert_eq!(file.texts, expected, "{declaration}");
            assert!(file.is_main, "{declaration}");
        };
        check("var version string", &["version"]);
        check("var version = \"dev\" // the release's", &["version"]);
        check("var (\n\tversion = `dev`\n\tcommit, date string\n)", &["version", "commit", "date"]);
        check("var version, date = \"dev\", 3", &["version"]);
        check("var a, b = f(\"x\", \"y\"), \"z\"", &["b"]);
        check("var version string = \"dev\"", &["version"]);
        check("var version int", &[]);
        check("var date = time.Now()", &[]);
        check("var versions []string", &[]);
        check("const version = \"dev\"", &[]);
        check("func f() {\n\tvar version string\n}", &[]);
        check("// var version string\n/* var commit string */", &[]);
        check("var text = `\nvar version string\n`\nvar commit string", &["text", "commit"]);
        check("var quote = '\"'\nvar commit = \"a\\\"b\"; var date string", &["commit", "date"]);
        check("var table = map[string]string{\n\t\"a\": \"b\",\n}\nvar commit string", &["commit"]);
    }

    #[test]
    fn imports_and_the_main_function_are_found() {
        let check = |source: &str, imports: &[&str], is_main: bool| {
            let file = GoSource::read("main.go", source);
            let found: Vec<&str> = file.imports.iter().map(String::as_str).collect();
            assert_eq!((found.as_slice(), file.is_main), (imports, is_main), "{source}");
        };
        check("package main\n\nfunc main() {}\n", &[], true);
        check("package main\nimport \"C\"\nfunc main() {\n}", &["C"], true);
        check("package main; import (\n_ \"a\"\n\n b `b/c` // x\n)", &["a", "b/c"], false);
        check("// func main()\npackage main\n\nfunc (t T) main() {}", &[], false);
        check("package tool\n\nfunc main() {}\n", &[], false);
        check("/* x */ package main\n\nfunc helper() {\n\tfunc main()\n}\n", &[], false);
        check("package main\n\nimport \"a", &["a"], false);
        check("", &[], false);
    }
}
