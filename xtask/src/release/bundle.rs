//! An action as a release ships it: one ES module, made of its own and all that it imports.
//!
//! Node finds, reads and links each module by itself, which for a small action is most of its time,
//! and an `import` of a module of its own loads parts that no action uses. So each module becomes a
//! function that is run once, in the order of need, and gives what the module exports; Node's own
//! modules are asked for by `process.getBuiltinModule`.
//!
//! It is no general bundler: it reads the few forms of `import` and `export` that our modules and
//! the generated ones have, one a line, and refuses every other.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::Failure;

/// The single module made of the one at `entry`; `read` gives the text at a path.
pub fn bundle(
    entry: &str,
    read: &dyn Fn(&str) -> Result<String, Failure>,
) -> Result<String, Failure> {
    let mut bundle = Bundle { entry, read, places: BTreeMap::new(), text: String::new() };
    let main = bundle.module(entry)?;
    Ok(format!("// Made of `{entry}` and what it imports: see there.\n{}\n{}", bundle.text, main.0))
}

struct Bundle<'r> {
    entry: &'r str,
    read: &'r dyn Fn(&str) -> Result<String, Failure>,
    /// What is known of each module: whether it is written already, or still being read.
    places: BTreeMap<String, bool>,
    text: String,
}

/// A module's lines without `import` and `export`, and what it exports as parts of an object.
struct Body(String, Vec<String>);

impl Bundle<'_> {
    /// Writes the module at `path`, after all that it needs, unless it is there; gives its name.
    fn need(&mut self, path: &str) -> Result<String, Failure> {
        let name = format!("${}", path.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
        match self.places.get(path) {
            Some(true) => return Ok(name),
            Some(false) => return Err(format!("`{path}` imports itself through others").into()),
            None => {}
        }
        self.places.insert(path.to_owned(), false);
        let Body(body, exports) = self.module(path)?;
        self.places.insert(path.to_owned(), true);
        // A module may wait at its top, so its function may.
        writeln!(self.text, "// {path}\nconst {name} = await (async () => {{\n{body}")?;
        writeln!(self.text, "return {{ {} }};\n}})();\n", exports.join(", "))?;
        Ok(name)
    }

    fn module(&mut self, path: &str) -> Result<Body, Failure> {
        let text = (self.read)(path)?;
        let mut body = Body(String::new(), Vec::new());
        for line in text.lines() {
            let refused = || format!("{path}: no form of import or export that is known: {line}");
            let line = match line {
                _ if line.starts_with("import ") => self.import(path, line)?.ok_or_else(refused)?,
                _ if line.starts_with("export ") => {
                    self.export(path, line, &mut body.1)?.ok_or_else(refused)?
                }
                _ => self.expressions(path, line)?,
            };
            body.0.push_str(&line);
            body.0.push('\n');
        }
        Ok(body)
    }

    /// `import { a, b as c } from "…";`, `import * as a from "…";`, and `import a from "node:…";`.
    fn import(&mut self, path: &str, line: &str) -> Result<Option<String>, Failure> {
        let words = line.strip_prefix("import ").and_then(|rest| rest.strip_suffix("\";"));
        let Some((names, from)) = words.and_then(|words| words.split_once(" from \"")) else {
            return Ok(None);
        };
        let names = match names.strip_prefix("* as ") {
            Some(name) => name.to_owned(),
            None if names.starts_with('{') => names.replace(" as ", ": "),
            None if from.starts_with("node:") => names.to_owned(),
            None => return Ok(None),
        };
        Ok(Some(format!("const {names} = {};", self.source(path, from)?)))
    }

    /// `export function`, `class`, `const`, and `export { a, b as c }` with or without `from`.
    fn export(
        &mut self,
        path: &str,
        line: &str,
        exports: &mut Vec<String>,
    ) -> Result<Option<String>, Failure> {
        let rest = line.trim_start_matches("export ");
        if let Some(list) = rest.strip_prefix("{ ").and_then(|list| list.strip_suffix(';')) {
            let Some((names, from)) = list.split_once(" }") else { return Ok(None) };
            let from = match from.strip_prefix(" from \"").and_then(|from| from.strip_suffix('"')) {
                Some(from) => format!("{}.", self.source(path, from)?),
                None if from.is_empty() => String::new(),
                None => return Ok(None),
            };
            exports.extend(names.split(", ").map(|name| {
                let (inside, outside) = name.split_once(" as ").unwrap_or((name, name));
                format!("{outside}: {from}{inside}")
            }));
            return Ok(Some(String::new()));
        }
        let kinds = ["async function ", "function ", "class ", "const "];
        let declared = kinds.iter().find_map(|kind| rest.strip_prefix(kind));
        let name = declared.and_then(|name| name.split(['(', ' ']).next());
        let is_name = |name: &&str| name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let Some(name) = name.filter(is_name) else {
            return Ok(None);
        };
        exports.push(name.to_owned());
        self.expressions(path, rest).map(Some)
    }

    /// What stands inside of a line: a module asked for later, and where the module itself lies.
    fn expressions(&mut self, path: &str, line: &str) -> Result<String, Failure> {
        let mut line = line.to_owned();
        while let Some((before, (from, after))) = line
            .split_once("import(\"")
            .and_then(|(before, rest)| Some((before, rest.split_once("\")")?)))
        {
            line = format!("{before}{}{after}", self.source(path, from)?);
        }
        if path == self.entry {
            return Ok(line);
        }
        let above = "../".repeat(self.entry.matches('/').count());
        let place = format!("new URL(\"{above}{path}\", import.meta.url)");
        Ok(line.replace("import.meta.url", &place))
    }

    /// What an import of `from` gives, as an expression.
    fn source(&mut self, path: &str, from: &str) -> Result<String, Failure> {
        if from.starts_with("node:") {
            return Ok(format!("process.getBuiltinModule(\"{from}\")"));
        }
        let mut parts: Vec<&str> = path.split('/').collect();
        parts.pop();
        for part in from.split('/') {
            match part {
                "." => {}
                ".." if parts.pop().is_some() => {}
                ".." => return Err(format!("{path} imports `{from}` from outside").into()),
                part => parts.push(part),
            }
        }
        self.need(&parts.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundled(files: &[(&str, &str)]) -> Result<String, Failure> {
        let find = |path: &str| files.iter().find(|(name, _)| *name == path);
        let read = |path: &str| {
            let text = find(path).map(|(_, text)| (*text).to_owned());
            text.ok_or_else(|| format!("no `{path}`").into())
        };
        bundle("a/main.mjs", &read)
    }

    #[test]
    fn each_module_stands_once_before_those_that_import_it() {
        let text = bundled(&[
            (
                "a/main.mjs",
                "import { x, y as z } from \"../b/one.mjs\";\n\
                 import * as two from \"../b/two.mjs\";\nuse(x, import.meta.url);\n",
            ),
            (
                "b/one.mjs",
                "import { join as way } from \"node:path\";\nexport const x = 1;\n\
                 export async function y() {}\nconst here = import.meta.url;\n",
            ),
            (
                "b/two.mjs",
                "export { x } from \"./one.mjs\";\nexport { v as default, w };\n\
                 const later = () => import(\"./one.mjs\");\n",
            ),
        ]);
        let expected = "// Made of `a/main.mjs` and what it imports: see there.\n\
            // b/one.mjs\nconst $b_one_mjs = await (async () => {\n\
            const { join: way } = process.getBuiltinModule(\"node:path\");\nconst x = 1;\n\
            async function y() {}\nconst here = new URL(\"../b/one.mjs\", import.meta.url);\n\n\
            return { x, y };\n})();\n\n\
            // b/two.mjs\nconst $b_two_mjs = await (async () => {\n\n\n\
            const later = () => $b_one_mjs;\n\n\
            return { x: $b_one_mjs.x, default: v, w: w };\n})();\n\n\n\
            const { x, y: z } = $b_one_mjs;\nconst two = $b_two_mjs;\nuse(x, import.meta.url);\n";
        assert_eq!(text.unwrap(), expected);
    }

    #[test]
    fn what_it_does_not_know_is_refused() {
        let check = |line: &str, words: &str| {
            let one = ("a/one.mjs", "import { x } from \"./main.mjs\";\n");
            let failure = bundled(&[("a/main.mjs", line), one]).unwrap_err().to_string();
            assert!(failure.contains(words), "{line}: {failure}");
        };
        for line in [
            "import one from \"./one.mjs\";",
            "import \"./one.mjs\";",
            "import {",
            "export * from \"./one.mjs\";",
            "export default 1;",
            "export let x = 1;",
            "export const { x } = y;",
        ] {
            check(line, "no form of import or export");
        }
        check("import { x } from \"./one.mjs\";", "imports itself");
        check("import { x } from \"../../one.mjs\";", "from outside");
        check("import { x } from \"./two.mjs\";", "no `a/two.mjs`");
    }
}
