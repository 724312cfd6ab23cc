"""What the organization's own products add to a screening: their kind, the words that were approved, and what must be said with them.

`names` finds the product that a post is about, `claims` the approved words that stand in it, `findings` what the profile's facts show,
`budget` whether a required statement fits on a platform, and `fitting` the fix that does.
"""
