//! Sizes: a Rust file, its functions and lines, and any file's bytes.

use super::tree::{Finding, Tree, at};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;
const COLUMNS: usize = 100;
const FILE_BYTES: usize = 1024 * 1024;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, file) in &tree.files {
        if file.bytes.len() > FILE_BYTES {
            found.push(at(path, 0, format!("{} bytes, more than {FILE_BYTES}", file.bytes.len())));
        }
    }
    for (path, text) in tree.texts("rs") {
        let lines: Vec<&str> = text.lines().collect();
        if lines.len() > FILE_LINES {
            found.push(at(path, 0, format!("{} lines, more than {FILE_LINES}", lines.len())));
        }
        found.extend(wide(path, &lines));
        found.extend(long_functions(path, &lines));
    }
    found
}

fn wide(path: &str, lines: &[&str]) -> Vec<Finding> {
    let numbered = lines.iter().enumerate().map(|(index, line)| (index + 1, line.chars().count()));
    let wide = numbered.filter(|(_, width)| *width > COLUMNS);
    wide.map(|(number, width)| at(path, number, format!("{width} columns, more than {COLUMNS}")))
        .collect()
}

/// A function ends at the first `}` as far to the right as its `fn` line starts: rustfmt, checked
/// before, sees to that.
fn long_functions(path: &str, lines: &[&str]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        if !starts_function(line.trim_start()) || line.ends_with([';', '}']) {
            continue;
        }
        let margin = " ".repeat(indent);
        let closing = format!("{margin}}}");
        let rest = || lines.iter().skip(index);
        let length = rest().take_while(|line| line.trim_end() != closing).count() + 1;
        // A trait's method without a body may fill several lines.
        let end = format!("{margin})");
        let has_body =
            !rest().take(length).any(|line| line.starts_with(&end) && line.ends_with(';'));
        if length > FUNCTION_LINES && has_body {
            found.push(at(
                path,
                index + 1,
                format!("a function of {length} lines, more than {FUNCTION_LINES}"),
            ));
        }
    }
    found
}

fn starts_function(line: &str) -> bool {
    let words = line.split_whitespace();
    let mut rest = words.skip_while(|word| {
        word.starts_with("pub") || ["const", "async", "extern", "\"C\"", "in"].contains(word)
    });
    rest.next() == Some("fn")
}

#[cfg(test)]
mod tests {
    use super::super::tree::expect;
    use super::*;

    fn function(lines: usize) -> String {
        format!(
            "impl X {{\n    pub const fn f() {{\n{}    }}\n}}\n",
            "        g();\n".repeat(lines - 2)
        )
    }

    #[test]
    fn sizes_are_held_to_the_line() {
        expect(check, "a.rs", &"//\n".repeat(400), &[]);
        expect(check, "a.rs", &"//\n".repeat(401), &[0]);
        expect(check, "a.md", &"x\n".repeat(401), &[]);
        expect(check, "a.rs", &format!("{}\n", "é".repeat(100)), &[]);
        expect(check, "a.rs", &format!("\n{}\n", "x".repeat(101)), &[2]);
        expect(check, "a.rs", &function(60), &[]);
        expect(check, "a.rs", &function(61), &[2]);
        let declared = "trait X {\n    fn f(\n        x: u8,\n    ) -> u8;\n}\n";
        expect(check, "a.rs", &format!("{declared}{}", "//\n".repeat(70)), &[]);
        expect(check, "data.bin", &"x".repeat(1024 * 1024), &[]);
        expect(check, "data.bin", &"x".repeat(1024 * 1024 + 1), &[0]);
    }
}
