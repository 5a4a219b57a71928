"""The methods of truth inference there are."""

from typing import Annotated

from agents.component import Choice
from agents.inference.auto import Auto
from agents.inference.crowdlab import Crowdlab
from agents.inference.dawid_skene import DawidSkene
from agents.inference.glad import Glad
from agents.inference.hierarchical import HierarchicalDawidSkene
from agents.inference.inference import Inference
from agents.inference.kos import Kos
from agents.inference.m_msr import MMsr
from agents.inference.mace import Mace
from agents.inference.majority import MajorityVote
from agents.inference.one_coin import OneCoinDawidSkene
from agents.inference.wawa import Wawa
from agents.inference.zero_based_skill import ZeroBasedSkill

AnyInference = Annotated[
    Inference,
    Choice(
        "method of truth inference",
        Auto,
        MajorityVote,
        DawidSkene,
        HierarchicalDawidSkene,
        OneCoinDawidSkene,
        Kos,
        MMsr,
        Wawa,
        ZeroBasedSkill,
        Glad,
        Mace,
        Crowdlab,
    ),
]
