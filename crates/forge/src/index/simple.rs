//! What the index serves: projects, their files, and the provenance of files.

use model::normalized_python_name;
use serde_json::{Value, json};

use super::{File, Index};
use crate::context::Context;
use crate::encoding::{sha256, time};
use crate::http::{Request, Response};
use crate::service::Service;

const JSON: &str = "application/vnd.pypi.simple.v1+json";

/// The version of the API that has `provenance` (PEP 740).
const VERSION: &str = "1.3";

pub(super) fn projects(index: &Index, context: Context<'_>, request: &Request) -> Response {
    if wants_json(context, request) {
        let list: Vec<Value> = index.projects.keys().map(|name| json!({ "name": name })).collect();
        let document = json!({ "meta": { "api-version": VERSION }, "projects": list });
        return Response::bytes(200, JSON, document.to_string().into());
    }
    let link = |name: &String| format!("<a href=\"/simple/{name}/\">{name}</a>\n");
    page("Simple index", &index.projects.keys().map(link).collect::<String>())
}

pub(super) fn project(
    index: &Index,
    context: Context<'_>,
    request: &Request,
    name: &str,
) -> Response {
    let own = normalized_python_name(name);
    if own != name || !request.path.ends_with('/') {
        return Response::empty(301).with("location", format!("/simple/{own}/"));
    }
    let Some(files) = index.projects.get(&own) else { return Response::text(404, "404 Not Found") };
    let base = context.addresses.base(Service::Index, request.tls);
    let url = |file: &str| format!("{base}/files/{own}/{file}");
    if wants_json(context, request) {
        let listed = files.iter().map(|(name, file)| {
            let provenance = format!("{base}/integrity/{own}/{}/{name}/provenance", file.version);
            json!({
                "filename": name,
                "url": url(name),
                "hashes": { "sha256": sha256(&file.bytes) },
                "size": file.bytes.len(),
                "upload-time": time(file.uploaded),
                "requires-python": requires_python(file),
                "core-metadata": false,
                "yanked": false,
                "provenance": (!file.attestations.is_empty()).then_some(provenance),
            })
        });
        let listed: Vec<Value> = listed.collect();
        let mut versions: Vec<&str> = files.values().map(|file| file.version.as_str()).collect();
        versions.sort_unstable();
        versions.dedup();
        let meta = json!({ "api-version": VERSION });
        let document = json!({ "meta": meta, "name": own, "versions": versions, "files": listed });
        return Response::bytes(200, JSON, document.to_string().into());
    }
    let link = |(name, file): (&String, &File)| {
        let requires = requires_python(file).map(|text| {
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            format!(" data-requires-python=\"{text}\"")
        });
        let (hash, requires) = (sha256(&file.bytes), requires.unwrap_or_default());
        format!("<a href=\"{}#sha256={hash}\"{requires}>{name}</a><br/>\n", url(name))
    };
    page(&format!("Links for {own}"), &files.iter().map(link).collect::<String>())
}

pub(super) fn file(index: &Index, project: &str, name: &str) -> Response {
    match index.file(project, name) {
        Some(file) => Response::bytes(200, "application/octet-stream", file.bytes.clone()),
        None => Response::text(404, "404 Not Found"),
    }
}

pub(super) fn provenance(index: &Index, project: &str, version: &str, name: &str) -> Response {
    let file =
        index.file(&normalized_python_name(project), name).filter(|file| file.version == version);
    let Some(file) = file.filter(|file| !file.attestations.is_empty()) else {
        return Response::json(404, &json!({ "message": "No provenance available" }));
    };
    let bundle = json!({ "publisher": file.publisher, "attestations": file.attestations });
    let document = json!({ "version": 1, "attestation_bundles": [bundle] });
    Response::bytes(200, "application/vnd.pypi.integrity.v1+json", document.to_string().into())
}

/// Whether JSON is the type that the client prefers among those that are served here.
fn wants_json(context: Context<'_>, request: &Request) -> bool {
    let accept = request.headers_of("accept");
    let weight = |names: &[&str]| {
        let kinds = accept.split(',').filter_map(|kind| {
            let mut parts = kind.split(';').map(str::trim);
            let known = parts.next().is_some_and(|kind| names.contains(&kind));
            let quality = parts.find_map(|part| part.strip_prefix("q=")).unwrap_or("1");
            known.then(|| quality.parse::<f32>().unwrap_or_default())
        });
        kinds.fold(0.0, f32::max)
    };
    let json = weight(&[JSON, "application/vnd.pypi.simple.latest+json"]);
    let html = weight(&["text/html", "application/vnd.pypi.simple.v1+html"]);
    context.setup.index.json && json > 0.0 && json >= html
}

fn requires_python(file: &File) -> Option<&str> {
    let field = file.fields.iter().find(|(name, _)| name == "requires_python");
    field.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

fn page(title: &str, links: &str) -> Response {
    let text = format!(
        "<!DOCTYPE html>\n<html><head><meta name=\"pypi:repository-version\" content=\"{VERSION}\">\
         <title>{title}</title></head><body>\n{links}</body></html>\n"
    );
    Response::bytes(200, "text/html; charset=utf-8", text.into())
}
