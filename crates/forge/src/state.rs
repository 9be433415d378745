//! The state of all services, and which of them answers a request.

use crate::artifacts::{self, Artifacts};
use crate::context::Context;
use crate::github::{self, Github};
use crate::http::{Request, Response};
use crate::index::{self, Index, UploadTokens};
use crate::issuer::{self, Issuer};
use crate::registry::{self, Registry, Tokens};
use crate::service::Service;

/// The state of all services.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// The OCI registry.
    pub registry: Registry,
    /// GitHub.
    pub github: Github,
    /// The Python index.
    pub index: Index,
    /// The artifact service.
    pub artifacts: Artifacts,
    /// Tokens that the registry issued.
    pub(crate) tokens: Tokens,
    /// Upload tokens that the index issued to trusted publishers.
    pub(crate) upload_tokens: UploadTokens,
    pub(crate) issuer: Issuer,
}

impl State {
    /// Answers a request. An incomplete request reaches only those services that store what
    /// arrived of it.
    pub(crate) fn answer(&mut self, context: Context<'_>, request: &Request) -> Response {
        let stores_parts = match request.service {
            Service::Registry => request.method == "PATCH",
            Service::Uploads => true,
            _ => false,
        };
        if !request.complete && !stores_parts {
            return Response::default();
        }
        let Self { registry, github, index, artifacts, tokens, upload_tokens, issuer } = self;
        match request.service {
            Service::Registry => registry::answer(registry, tokens, context, request),
            Service::Tokens => registry::issue_token(registry, tokens, context, request),
            Service::Api => github::answer(github, registry, context, request),
            Service::Uploads => github::upload(github, context, request),
            Service::Objects if request.path.starts_with("/blob/") => {
                registry::object(registry, request)
            }
            Service::Objects => github::object(github, request),
            Service::Index => index::answer(index, upload_tokens, context, request),
            Service::Artifacts => artifacts::answer(artifacts, context, request),
            Service::Issuer => issuer::answer(issuer, context, request),
        }
    }

    /// The state `before` the last write, with the tokens of now: a stale read still knows who may
    /// read.
    pub(crate) fn stale(&self, before: &Self) -> Self {
        Self {
            tokens: self.tokens.clone(),
            upload_tokens: self.upload_tokens.clone(),
            issuer: self.issuer.clone(),
            ..before.clone()
        }
    }
}
