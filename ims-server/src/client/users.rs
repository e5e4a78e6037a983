//! Those who may come in, at a server.

use super::{Call, Client, Fault, Length, Repeat, Writes};
use ims_core::report::{Page, PageRequest};
use reqwest::Method;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, json};

impl Client {
    /// Users by name.
    pub(crate) async fn users<U: DeserializeOwned>(&self, page: &PageRequest) -> Result<Page<U>, Fault> {
        self.list("/v1/users", Vec::new(), page).await
    }

    /// Adds a user. Where the answer is lost it is not asked for again: a second try would find the name taken.
    pub(crate) async fn add_user<U: DeserializeOwned>(&self, user: &Value) -> Result<U, Fault> {
        self.change(Method::POST, "/v1/users".into(), user, Repeat::Never).await
    }

    /// Changes a user.
    pub(crate) async fn change_user<U: DeserializeOwned>(&self, name: &str, change: &Value) -> Result<U, Fault> {
        self.change(Method::PATCH, path(name), change, Repeat::Freely).await
    }

    /// Sets the password of a user.
    pub(crate) async fn reset_password(&self, name: &str, password: &str) -> Result<(), Fault> {
        let path = format!("{}/password", path(name));
        let IgnoredAny = self.change(Method::PUT, path, &json!({ "password": password }), Repeat::Freely).await?;
        Ok(())
    }

    async fn change<A: DeserializeOwned>(
        &self,
        method: Method,
        path: String,
        body: &Value,
        repeat: Repeat,
    ) -> Result<A, Fault> {
        let (body, query) = (Some(body.to_string().into()), Vec::new());
        self.call(&Call { method, path, query, body, writes: Writes::Something, repeat, length: Length::Short }).await
    }
}

fn path(name: &str) -> String {
    format!("/v1/users/{}", percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC))
}
