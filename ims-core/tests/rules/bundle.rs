//! Commands that are sent together are decided as if each were sent alone.

use crate::words::*;
use futures_executor::block_on;
use ims_core::{
    Command, CommandId, Context, CostingMethod, Ims, MemoryStore, audit, cost::SetStandardCost, item::CreateItem,
    location::CreateLocation, shop::OpenShop, stock::ReceiveStock,
};

/// The state that comes of commands, and how they were answered, when they are sent so many at a time.
fn sent_together(commands: &[(&str, Command)], size: usize) -> (String, Vec<String>) {
    let (ims, worker) = Ims::new(MemoryStore::new());
    let story = async move {
        let mut answers = Vec::new();
        for bundle in commands.chunks(size) {
            let with_context = |(name, command): &(&str, Command)| {
                (Context::new(id::<CommandId>(name), "till", time("10:00")), command.clone())
            };
            let replies = ims.execute_all(bundle.iter().map(with_context).collect()).await;
            answers.extend(replies.into_iter().map(|reply| format!("{reply:?}")));
        }
        (audit::state_hash(ims.store()).await.unwrap(), answers)
    };
    block_on(futures_util::future::join(worker, story)).1
}

#[test]
fn sites_are_revalued_in_the_same_order_however_commands_are_bundled() {
    let standard = CreateItem {
        costing: Some(CostingMethod::Standard),
        standard_cost: Some(amount("2")),
        ..CreateItem::new("tea".parse().unwrap(), "Tea")
    };
    let site = |code: &str| Command::from(CreateLocation { code: code.into(), name: code.into() });
    let receive = |site: &str| {
        let lines = vec![costed("tea", "1", "2")];
        Command::from(ReceiveStock { site: id(site), supplier: None, lines })
    };
    let commands = [
        ("shop", OpenShop::new("Shop", "EUR".parse().unwrap()).into()),
        ("east", site("east")),
        ("main", site("main")),
        ("tea", standard.into()),
        // Later in the order of ids comes first.
        ("first", receive("main")),
        ("second", receive("east")),
        ("cost", SetStandardCost { item: id("tea"), unit_cost: amount("3") }.into()),
    ];
    assert_eq!(sent_together(&commands, 1), sent_together(&commands, commands.len()));
}
