//! Who may call an operation: its document says so, and here it is enforced, before
//! anything of the request is read.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use utoipa::openapi::{OpenApi, path::Operation};

use crate::{
    access::Permission,
    ctx::{Actor, Ctx},
    error::{Error, Result},
};

/// The extension of the document that names an operation's rule.
const RULE: &str = "x-permission";

/// Who may call one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// `anyone`: nobody need be signed in.
    Anyone,
    /// `signed_in`: everybody who is.
    SignedIn,
    /// Who holds a permission.
    Holds(Permission),
}

/// The rules of all operations, by method and path.
pub(super) struct Rules(HashMap<(Method, String), Rule>);

impl Rules {
    /// Reads the rules out of the document.
    ///
    /// # Panics
    /// When an operation has none, or one that there is not: such a program must not
    /// start.
    pub(super) fn of(document: &OpenApi) -> Self {
        let mut rules = HashMap::new();
        for (path, item) in &document.paths.paths {
            let operations = [
                (Method::GET, &item.get),
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
                (Method::PATCH, &item.patch),
                (Method::DELETE, &item.delete),
            ];
            for (method, operation) in operations {
                if let Some(operation) = operation {
                    let rule = rule_of(operation)
                        .unwrap_or_else(|| panic!("{method} {path} says not who may call it"));
                    rules.insert((method, path.clone()), rule);
                }
            }
        }
        Rules(rules)
    }

    fn check(&self, ctx: &Ctx, method: &Method, path: &str) -> Result<()> {
        let method = match *method {
            Method::HEAD => &Method::GET,
            _ => method,
        };
        match self.0.get(&(method.clone(), path.to_owned())) {
            // The route itself refuses a method that it does not take.
            None | Some(Rule::Anyone) => Ok(()),
            Some(_) if ctx.actor == Actor::Anonymous => Err(Error::not_signed_in()),
            Some(Rule::SignedIn) => Ok(()),
            Some(Rule::Holds(permission)) if ctx.access.holds(*permission) => Ok(()),
            Some(Rule::Holds(permission)) => Err(Error::forbidden(permission.name())),
        }
    }
}

fn rule_of(operation: &Operation) -> Option<Rule> {
    let rule = operation.extensions.as_ref()?.get(RULE)?.as_str()?;
    match rule {
        "anyone" => Some(Rule::Anyone),
        "signed_in" => Some(Rule::SignedIn),
        name => Permission::parse(name).map(Rule::Holds),
    }
}

pub(super) async fn enforce(
    State(rules): State<Arc<Rules>>,
    ctx: Ctx,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    match rules.check(&ctx, request.method(), path.as_str()) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}
