"""The ways out of the product: mail, robots of WeCom, DingTalk and Feishu, webhooks."""
