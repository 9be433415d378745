//! Words of GitHub's expressions, as far as the rules ask: which names a text mentions.

/// Names such as `steps.build.outputs.dist` in all `${{ … }}` of a text; with `bare`, in the text
/// itself, as in an `if:`.
pub fn names(text: &str, bare: bool) -> Vec<&str> {
    let inside: Vec<&str> = if bare && !text.contains("${{") {
        vec![text]
    } else {
        text.split("${{").skip(1).filter_map(|rest| rest.split("}}").next()).collect()
    };
    inside.into_iter().flat_map(names_in).collect()
}

fn names_in(expression: &str) -> Vec<&str> {
    // What stands between single quotes is text.
    let outside = expression.split('\'').step_by(2);
    let word = |c: char| c.is_ascii_alphanumeric() || "._-*".contains(c);
    outside
        .flat_map(move |part| part.split(move |c: char| !word(c)))
        .filter(|name| name.contains('.'))
        .collect()
}

#[test]
fn names_are_read_from_expressions_only() {
    let check = |text: &str, bare, expected: &[&str]| assert_eq!(names(text, bare), expected);
    check(
        "a.b ${{ inputs.x || needs.y.outputs.z == 'a.b' }} c.d",
        false,
        &["inputs.x", "needs.y.outputs.z"],
    );
    check("!cancelled() && needs.a.result == 'x'", true, &["needs.a.result"]);
    check("a.b", false, &[]);
}
