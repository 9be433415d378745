//! The dependencies of a `Chart.yaml`, or of a `requirements.yaml`, with their lines.

use model::Location;

use super::scalar;
use crate::Source;

/// A chart that another one depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartDependency {
    /// Its name.
    pub name: String,
    /// Where it comes from; empty when that is `charts/`.
    pub repository: String,
    /// Where it is declared.
    pub location: Location,
}

/// The dependencies that a file lists, one key a line as Helm's documentation has them; nothing
/// where it lists none, or lists them in another way.
pub(super) fn listed(source: &Source) -> Option<Vec<ChartDependency>> {
    let mut found: Vec<ChartDependency> = Vec::new();
    let (mut dash, mut keys, mut inside, mut offset) = (None, 0, false, 0);
    for line in source.text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let line = line.trim_end();
        let bare = line.trim_start();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        let indent = line.len() - bare.len();
        if !inside {
            let rest = line.strip_prefix("dependencies:");
            inside = rest.is_some_and(|rest| matches!(scalar(rest.trim_start()), Ok(None)));
            continue;
        }
        let item = bare.strip_prefix("- ").filter(|_| dash.is_none_or(|dash| dash == indent));
        let pair = match item {
            Some(pair) => {
                dash = Some(indent);
                keys = line.len() - pair.trim_start().len();
                let location = source.location(start + indent);
                let (name, repository) = (String::new(), String::new());
                found.push(ChartDependency { name, repository, location });
                pair.trim_start()
            }
            None if indent == 0 => break,
            None if indent == keys => bare,
            // A list or a table of the dependency's own.
            None => continue,
        };
        let one = found.last_mut()?;
        let (key, value) = pair.split_once(':')?;
        let field = match key.trim_end() {
            "name" => &mut one.name,
            "repository" => &mut one.repository,
            _ => continue,
        };
        *field = scalar(value.trim_start()).ok()?.unwrap_or_default();
    }
    let whole = inside && found.iter().all(|one| !one.name.is_empty());
    whole.then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&[(&str, &str, usize)]>) {
        let found = listed(&Source::new("c/Chart.yaml", text.to_owned()));
        let told =
            |one: &ChartDependency| (one.name.clone(), one.repository.clone(), one.location.line);
        let found: Option<Vec<_>> = found.map(|found| found.iter().map(told).collect());
        let own = |&(name, from, line): &(&str, &str, usize)| (name.into(), from.into(), line);
        let expected = expected.map(|expected| expected.iter().map(own).collect());
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn dependencies_are_read_with_their_lines() {
        check(
            "name: a\ndependencies:\n  - name: db # the\n    version: ~1\n    \
             repository: \"https://x\"\n    tags:\n      - name: no\n  # more\n  \
             - repository: file://../c\n    name: 'c'\nicon: x\n",
            Some(&[("db", "https://x", 3), ("c", "file://../c", 9)]),
        );
        check(
            "dependencies:\n- alias: e\n  name: d\n  import-values:\n  - child: x\n    parent: y\n",
            Some(&[("d", "", 2)]),
        );
        check(
            "dependencies:\r\n- name: d\r\n  repository: ''\r\n  tags: [a]\r\n",
            Some(&[("d", "", 2)]),
        );
    }

    #[test]
    fn what_is_written_otherwise_is_left_to_a_yaml_reader() {
        check("name: a\n", None);
        check("dependencies: []\n", None);
        check("dependencies: [{name: d}]\n", None);
        check("dependencies:\n- {name: d}\n", None);
        check("dependencies:\n- name: *d\n", None);
    }
}
