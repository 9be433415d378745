//! What is asked of a run.

use crate::Failure;

/// How long a target runs unless told otherwise, in minutes.
const MINUTES: f64 = 1.0;

/// The words after `fuzz`.
#[derive(Debug, Default, PartialEq)]
pub struct Request<'w> {
    /// Only these targets; all without a name.
    names: Vec<&'w str>,
    /// How long each of them runs.
    pub minutes: f64,
    /// Only print the targets.
    pub list: bool,
    /// Only this one of so many equal shares, from 1.
    part: Option<(usize, usize)>,
    /// Only run this input.
    pub replay: Option<String>,
}

impl<'w> Request<'w> {
    pub fn read(words: &[&'w str]) -> Result<Self, Failure> {
        let mut request = Self { minutes: MINUTES, ..Self::default() };
        let mut words = words.iter().copied();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
            match word {
                "--list" => request.list = true,
                "--minutes" => {
                    let told = value()?;
                    let minutes = told.parse().ok().filter(|minutes| *minutes > 0.0);
                    request.minutes =
                        minutes.ok_or_else(|| format!("`{told}` is not a duration"))?;
                }
                "--part" => {
                    let told = value()?;
                    request.part =
                        Some(part(told).ok_or_else(|| format!("`{told}` is not like `1/4`"))?);
                }
                "--replay" => request.replay = Some(value()?.to_owned()),
                flag if flag.starts_with('-') => {
                    let help = "help: `--minutes N`, `--list`, `--part N/OF` and `--replay FILE`";
                    return Err(format!("unknown flag `{flag}`, {help}").into());
                }
                name => request.names.push(name),
            }
        }
        Ok(request)
    }

    /// The targets that are meant, of `all`.
    pub fn chosen<'a>(&self, all: &[&'a str]) -> Result<Vec<&'a str>, Failure> {
        if let Some(name) = self.names.iter().find(|name| !all.contains(name)) {
            let help = "help: `cargo xtask fuzz --list`";
            return Err(format!("no fuzz target is called `{name}`, {help}").into());
        }
        let named = |target: &str| self.names.is_empty() || self.names.contains(&target);
        let (number, of) = self.part.unwrap_or((1, 1));
        let targets = all.iter().copied().filter(|target| named(target)).enumerate();
        Ok(targets.filter(|(at, _)| at % of == number - 1).map(|(_, target)| target).collect())
    }
}

fn part(told: &str) -> Option<(usize, usize)> {
    let (number, of) = told.split_once('/')?;
    let (number, of) = (number.parse().ok()?, of.parse().ok()?);
    (1..=of).contains(&number).then_some((number, of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_chosen_by_name_and_by_part() {
        let check = |words: &[&str], expected: Result<&[&str], &str>| {
            let chosen = Request::read(words).and_then(|r| r.chosen(&["a", "b", "c", "d", "e"]));
            match expected {
                Ok(expected) => assert_eq!(chosen.unwrap(), expected, "{words:?}"),
                Err(told) => {
                    let failure = chosen.unwrap_err().to_string();
                    assert!(failure.contains(told), "{failure}");
                }
            }
        };
        check(&[], Ok(&["a", "b", "c", "d", "e"]));
        check(&["d", "b"], Ok(&["b", "d"]));
        check(&["--part", "1/2"], Ok(&["a", "c", "e"]));
        check(&["--part", "2/2", "--minutes", "0.5"], Ok(&["b", "d"]));
        check(&["x"], Err("no fuzz target is called `x`"));
        check(&["--part", "3/2"], Err("not like `1/4`"));
        check(&["--part", "0/2"], Err("not like `1/4`"));
        check(&["--minutes", "-1"], Err("not a duration"));
        check(&["--minutes"], Err("needs a value"));
        check(&["--fast"], Err("unknown flag `--fast`"));
    }
}
