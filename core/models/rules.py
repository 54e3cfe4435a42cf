from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseRules:
    """What the operator's configuration says of people in chats; an empty list lets all in.

    Who and where are ids, `5`, or with the front end that they hold for, `discord:channel:5`.
    `models` are ids or `provider/*`. `per_day` 0: no limit.
    """

    servers: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    running: int = 5  # jobs of one person and of a kind
    per_day: int = 0  # comparisons of one person within 24 hours
    block_words: tuple[str, ...] = ()
    private: bool = True  # whether a result may be asked for that its owner alone sees
