//! Uploads: a file is checked as the real index checks it, and stored once.

use model::normalized_python_name;
use serde_json::{Value, json};

use super::form::{self, Part};
use super::{File, Index, UploadTokens, publishing};
use crate::context::Context;
use crate::encoding::{from_base64, sha256};
use crate::http::{Request, Response};
use crate::setup::Publisher;

/// How the predicate types that an attestation may have (PEP 740) end. Each may appear once for a
/// file.
const PREDICATES: &[&str] = &["/attestations/publish/v1", "slsa.dev/provenance/v1"];

const DAY: u64 = 86_400;

/// Stores a file, or refuses it.
pub(super) fn accept(
    index: &mut Index,
    tokens: &UploadTokens,
    context: Context<'_>,
    request: &Request,
) -> Response {
    let publisher = match uploader(tokens, context, request) {
        Ok(publisher) => publisher,
        Err(refused) => return refused,
    };
    match check(index, context, request, publisher.as_ref()) {
        Err(why) => refuse(request, 400, &why),
        Ok(None) => Response::text(200, "OK"),
        Ok(Some((project, name, file))) => {
            index.projects.entry(project).or_default().insert(name, file);
            Response::text(200, "OK")
        }
    }
}

/// Who uploads: a trusted publisher, or `None` for the owner of the API token.
fn uploader(
    tokens: &UploadTokens,
    context: Context<'_>,
    request: &Request,
) -> Result<Option<Publisher>, Response> {
    let setup = &context.setup.index;
    if setup.token.is_none() && setup.publishers.is_empty() {
        return Ok(None);
    }
    let refused = || refuse(request, 403, "Invalid or non-existent authentication information.");
    let (user, password) = request.basic().ok_or_else(refused)?;
    if user == "__token__" && setup.token.as_ref() == Some(&password) {
        return Ok(None);
    }
    let publisher = tokens.publisher(&password, request.now);
    let publisher = publisher.filter(|_| user == "__token__").ok_or_else(refused)?;
    Ok(Some(publisher.clone()))
}

type New = (String, String, File);

/// The file to be stored; `None` if it is already there with the same bytes.
fn check(
    index: &Index,
    context: Context<'_>,
    request: &Request,
    publisher: Option<&Publisher>,
) -> Result<Option<New>, String> {
    let kind = request.header("content-type").unwrap_or_default();
    let parts = form::parts(kind, &request.body).ok_or("Upload payload does not have a file.")?;
    let text = |part: &Part<'_>| String::from_utf8_lossy(part.bytes).into_owned();
    let field = |name: &str| parts.iter().find(|part| part.name == name).map(text);
    let need =
        |name: &str| field(name).filter(|text| !text.is_empty()).ok_or_else(|| missing(name));
    if field(":action").as_deref() != Some("file_upload") {
        return Err("Unknown action.".to_owned());
    }
    if field("protocol_version").is_some_and(|version| version != "1") {
        return Err("Unknown protocol version.".to_owned());
    }
    need("metadata_version")?;
    need("filetype")?;
    let (name, version) = (need("name")?, need("version")?);
    let content = parts.iter().find(|part| part.name == "content");
    let content = content.ok_or("Upload payload does not have a file.")?;
    let file = content.file.clone().ok_or("Upload payload does not have a file.")?;
    let project = normalized_python_name(&name);
    names_fit(&project, &version, &file)?;
    if content.bytes.len() > context.setup.index.file_limit {
        return Err("File too large. Limit for this project is exceeded.".to_owned());
    }
    let found = sha256(content.bytes);
    if field("sha256_digest").is_some_and(|told| told.to_lowercase() != found) {
        let why = "The digest supplied does not match a digest calculated from the uploaded file.";
        return Err(why.to_owned());
    }
    let scope = publisher.map(|publisher| &publisher.projects);
    if scope.is_some_and(|scope| !scope.is_empty() && !scope.contains(&project)) {
        return Err(format!("The user isn't allowed to upload to project '{project}'."));
    }
    if let Some(there) = index.file(&project, &file) {
        return if there.bytes == content.bytes {
            Ok(None)
        } else {
            Err(format!(
                "File already exists ('{file}', with sha256 hash '{}').",
                sha256(&there.bytes)
            ))
        };
    }
    in_time(index, context, request, (&project, &version))?;
    let attestations = attestations(field("attestations"), &file, &found, publisher)?;
    let others = parts.iter().filter(|part| part.name != "content");
    let fields = others.map(|part| (part.name.clone(), text(part))).collect();
    let bytes = request.body.slice_ref(content.bytes);
    let publisher = publisher.map(publishing::shown);
    let uploaded = request.now;
    Ok(Some((project, file, File { version, bytes, uploaded, fields, attestations, publisher })))
}

fn missing(name: &str) -> String {
    format!("'{name}' is a required field. See the Core Metadata specification.")
}

/// A file's name starts with the project's name, as in PEP 625 and 427, and contains the version.
fn names_fit(project: &str, version: &str, file: &str) -> Result<(), String> {
    let stem = file.strip_suffix(".whl").or_else(|| file.strip_suffix(".tar.gz"));
    let stem = stem.ok_or("Invalid file extension: Use .tar.gz or .whl extension.")?;
    let start = project.replace('-', "_");
    let rest = stem.strip_prefix(&format!("{start}-"));
    let rest = rest.ok_or_else(|| format!("Start filename for '{project}' with '{start}'."))?;
    let told =
        if file.ends_with(".whl") { rest.split('-').next().unwrap_or_default() } else { rest };
    if told.replace('_', "-") == version.replace('_', "-") {
        Ok(())
    } else {
        Err(format!("Version in filename should be '{version}' not '{told}'."))
    }
}

/// A release accepts files for some days after its first one.
fn in_time(
    index: &Index,
    context: Context<'_>,
    request: &Request,
    (project, version): (&str, &str),
) -> Result<(), String> {
    let held = index.projects.get(project).into_iter().flat_map(|files| files.values());
    let first = held.filter(|file| file.version == version).map(|file| file.uploaded).min();
    let window = context.setup.index.window * DAY;
    match first {
        Some(first) if request.now > first + window => Err(format!(
            "Release {version} of '{project}' is older than {} days: it accepts no new files.",
            context.setup.index.window
        )),
        _ => Ok(()),
    }
}

fn attestations(
    field: Option<String>,
    file: &str,
    sha256: &str,
    publisher: Option<&Publisher>,
) -> Result<Vec<Value>, String> {
    let Some(field) = field else { return Ok(Vec::new()) };
    if publisher.is_none() {
        return Err(
            "Attestations are currently only supported when using Trusted Publishing.".to_owned()
        );
    }
    let wrong = |why: &str| format!("Malformed attestations: {why}");
    let list: Vec<Value> = serde_json::from_str(&field).map_err(|_| wrong("not a list"))?;
    let mut seen = Vec::new();
    for one in &list {
        let statement = one.pointer("/envelope/statement").and_then(Value::as_str);
        let statement = statement.and_then(from_base64).unwrap_or_default();
        let statement: Value = serde_json::from_slice(&statement).unwrap_or_default();
        let kind = statement.get("predicateType").and_then(Value::as_str).unwrap_or_default();
        let known = PREDICATES.iter().any(|end| kind.ends_with(end));
        if !known || seen.contains(&kind.to_owned()) {
            return Err(wrong("an unknown predicate, or one that appears twice"));
        }
        let subject = statement.pointer("/subject/0").unwrap_or(&Value::Null);
        let wanted = json!({ "name": file, "digest": { "sha256": sha256 } });
        if *subject != wanted {
            return Err("Invalid attestations supplied during upload: subject does not match \
                        distribution"
                .to_owned());
        }
        seen.push(kind.to_owned());
    }
    Ok(list)
}

/// A refusal in the format that the client asked for.
fn refuse(request: &Request, status: u16, why: &str) -> Response {
    let title = if status == 403 { "Forbidden" } else { "Bad Request" };
    if request.headers_of("accept").contains("json") {
        let document = json!({ "message": why, "code": format!("{status} {why}"), "title": title });
        return Response::json(status, &document);
    }
    Response::text(status, &format!("{status} {why}\n\n{title}\n\n{why}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_must_fit_project_and_version() {
        let check = |file: &str, expected| {
            assert_eq!(names_fit("demo-pkg", "1.0.0", file).is_ok(), expected, "{file}");
        };
        check("demo_pkg-1.0.0-py3-none-any.whl", true);
        check("demo_pkg-1.0.0.tar.gz", true);
        check("demo-pkg-1.0.0.tar.gz", false);
        check("Demo_pkg-1.0.0.tar.gz", false);
        check("demo_pkg-1.0.1-py3-none-any.whl", false);
        check("demo_pkg-1.0.0.zip", false);
    }
}
