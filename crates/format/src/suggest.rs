//! "Did you mean": the word of a list that is nearest to a misspelt one.

/// Words longer than this are not compared: the work grows with both lengths.
const MAX_WORD_CHARS: usize = 64;

/// Candidates shown when none is near: a person reads no more.
const MAX_LISTED: usize = 12;

/// A help text: `did you mean …?`, or the list itself when nothing is near.
#[must_use]
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    help(word, &candidates.into_iter().collect::<Vec<&str>>())
}

fn help(word: &str, candidates: &[&str]) -> String {
    match nearest(word, candidates) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => {
            let all: Vec<String> = candidates.iter().map(|word| format!("`{word}`")).collect();
            match all.as_slice() {
                [] => "there is none to choose from".to_owned(),
                all if all.len() > MAX_LISTED => {
                    let shown = all.iter().take(MAX_LISTED).cloned().collect::<Vec<_>>();
                    format!("there are {}, … ({} in all)", shown.join(", "), all.len())
                }
                all => format!("there are {}", all.join(", ")),
            }
        }
    }
}

/// The candidate nearest to `word`, when it is near enough to be what was meant.
fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let length = word.chars().count();
    if length == 0 || length > MAX_WORD_CHARS {
        return None;
    }
    let allowed = (length / 3).max(1) + usize::from(length > 3);
    candidates
        .iter()
        .copied()
        .filter(|candidate| candidate.chars().count() <= MAX_WORD_CHARS)
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.len())
        .min()
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours, whatever the case.
fn distance(a: &str, b: &str) -> usize {
    strsim::osa_distance(&a.to_lowercase(), &b.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, expected: Option<&str>) {
        let keys = ["python", "image", "binary", "chart", "name", "version", "max-legs"];
        assert_eq!(nearest(word, &keys), expected, "{word}");
    }

    #[test]
    fn a_misspelt_word_finds_the_one_that_was_meant() {
        check("pyhton", Some("python"));
        check("Image", Some("image"));
        check("max_legs", Some("max-legs"));
        check("verison", Some("version"));
        check("charts", Some("chart"));
    }

    #[test]
    fn a_word_that_is_near_to_none_finds_none() {
        check("", None);
        check("docker", None);
        check("x", None);
        check(&"n".repeat(65), None);
    }

    #[test]
    fn without_a_near_word_the_help_lists_what_there_is() {
        assert_eq!(suggest("q", ["one", "two"]), "there are `one`, `two`");
        assert_eq!(suggest("tow", ["one", "two"]), "did you mean `two`?");
    }
}
