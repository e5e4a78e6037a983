//! Reports: after the same commands every answer is memory's, row for row and page by page.

use super::{
    StoreFactory,
    drive::{same_state, with_engine},
    finding::{Finding, equal},
    questions::{Question, equal_answers, of_documents, of_profit, of_stock, of_the_catalogue, of_value},
    script,
};
use crate::*;

/// Has the script done on a store and on memory, and asks both.
async fn asked<F: StoreFactory>(factory: &F, questions: Vec<Question>) -> Result<(), Finding> {
    let commands: Vec<(Context, Command)> =
        script::script()?.into_iter().map(|step| (step.ctx, step.command)).collect();
    let memory = MemoryStore::new();
    with_engine(memory.clone(), async |engine| Ok(engine.execute_all(commands.clone()).await)).await?;
    with_engine(factory.fresh().await?, async |engine| {
        engine.execute_all(commands.clone()).await;
        same_state(engine.store(), &memory).await?;
        equal_answers(&questions, engine.store(), &memory).await
    })
    .await
}

pub(super) async fn an_empty_store_reports_nothing<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, memory) = (factory.fresh().await?, MemoryStore::new());
    for questions in [of_the_catalogue(), of_stock(), of_documents()?, of_profit(), of_value()] {
        // One of each kind: there is nothing to tell them apart by.
        let mut kinds = Vec::new();
        for question in questions {
            let kind = std::mem::discriminant(&question);
            if !kinds.contains(&kind) {
                kinds.push(kind);
                question.equal_answers(&store, &memory).await?;
            }
        }
    }
    equal("the state hash", &audit::state_hash(&store).await?, &audit::state_hash(&memory).await?)
}

pub(super) async fn catalogue_lists_equal_memorys<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    asked(factory, of_the_catalogue()).await
}

pub(super) async fn stock_lists_equal_memorys<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    asked(factory, of_stock()).await
}

pub(super) async fn document_lists_equal_memorys<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    asked(factory, of_documents()?).await
}

pub(super) async fn profit_equals_memorys<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    asked(factory, of_profit()).await
}

pub(super) async fn values_equal_memorys<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    asked(factory, of_value()).await
}
