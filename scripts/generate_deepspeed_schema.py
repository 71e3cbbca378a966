"""Write schemas/deepspeed/schema.json from the installed DeepSpeed (DS_BUILD_OPS=0 installs it without CUDA).

DeepSpeed has no model of its whole config: sections that are pydantic models are described by these, the others and the
top level by hand, as runtime/config.py reads them. Two things hold everywhere. "auto" may stand for a value that the
trainer fills in; and keys at the top level that DeepSpeed does not know are left alone. The values of the top level are
used as they are, so that "8" is no number there, while pydantic makes one of it in the sections.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

from pydantic_schema import Schema, either, schema_of
from schema_defs import factor

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "deepspeed"
AUTO: Schema = {"type": "string", "enum": ["auto"]}
COUNT: Schema = {"anyOf": [{"type": "integer", "minimum": 1}, AUTO, {"type": "null"}]}
NUMBER: Schema = {"anyOf": [{"type": "number"}, AUTO]}
# Used as Python takes it for true or false, so that 0 and 1 do; the text "false" would switch on.
SWITCH: Schema = {"type": ["boolean", "integer", "null", "string"], "enum": [True, False, 0, 1, "auto", "true", None]}
TEXT: Schema = {"type": ["null", "string"]}
FORMATS: Schema = {"type": ["null", "string"], "enum": ["fp16", "bf16", "fp32", "FP16", "BF16", "FP32", "auto", None]}


def section(properties: Schema) -> Schema:
    """A section that is read key by key: what else stands in it is left alone."""
    return {"type": "object", "properties": properties, "additionalProperties": True, "x-ignores": True}


MODELS = {
    "zero_optimization": "runtime.zero.config.DeepSpeedZeroConfig",
    "fp16": "runtime.precision_config.DeepSpeedFP16Config",
    "bf16": "runtime.precision_config.DeepSpeedBF16Config",
    "bfloat16": "runtime.precision_config.DeepSpeedBF16Config",
    "tensorboard": "monitor.config.TensorBoardConfig",
    "wandb": "monitor.config.WandbConfig",
    "csv_monitor": "monitor.config.CSVConfig",
    "comet": "monitor.config.CometConfig",
    "comms_logger": "comm.config.CommsLoggerConfig",
    "compile": "compile.config.CompileConfig",
    "hybrid_engine": "runtime.config.HybridEngineConfig",
    "tensor_parallel": "runtime.tensor_parallel.config.TPTrainingConfig",
}
READ_BY_HAND: Schema = {
    "train_batch_size": COUNT, "train_micro_batch_size_per_gpu": COUNT, "gradient_accumulation_steps": COUNT,
    "gradient_clipping": NUMBER, "steps_per_print": {"anyOf": [{"type": "number"}, AUTO, {"type": "null"}]},
    "prescale_gradients": SWITCH, "gradient_predivide_factor": NUMBER, "communication_data_type": FORMATS,
    "seq_parallel_communication_data_type": FORMATS, "wall_clock_breakdown": SWITCH, "memory_breakdown": SWITCH,
    "zero_allow_untested_optimizer": SWITCH, "zero_force_ds_cpu_optimizer": SWITCH, "dump_state": SWITCH,
    "disable_allgather": SWITCH, "dataloader_drop_last": SWITCH, "disable_python_gc": SWITCH, "log_level": TEXT,
    "managed_gradient_accumulation": SWITCH, "sequence_parallel_size": {"type": ["integer", "string"]},
    "gradient_allreduce_op": TEXT, "use_data_before_expert_parallelism": SWITCH, "vocabulary_size": NUMBER,
    "optimizer": section({"type": TEXT, "params": {"type": "object"}, "legacy_fusion": SWITCH}),
    "scheduler": section({"type": TEXT, "params": {"type": "object"}}),
    "torch_autocast": section({
        "enabled": SWITCH, "dtype": TEXT, "lower_precision_safe_modules": {"type": "array"},
    }),
    "activation_checkpointing": section({
        "partition_activations": SWITCH, "contiguous_memory_optimization": SWITCH, "cpu_checkpointing": SWITCH,
        "number_checkpoints": {"type": ["integer", "null", "string"]}, "profile": SWITCH,
        "synchronize_checkpoint_boundary": SWITCH,
    }),
    "flops_profiler": section({
        "enabled": SWITCH, "recompute_fwd_factor": NUMBER, "profile_step": NUMBER, "module_depth": NUMBER,
        "top_modules": NUMBER, "detailed": SWITCH, "output_file": TEXT,
    }),
    "aio": section({
        "block_size": NUMBER, "queue_depth": NUMBER, "intra_op_parallelism": NUMBER, "thread_count": NUMBER,
        "single_submit": SWITCH, "overlap_events": SWITCH, "use_gds": SWITCH,
    }),
    "checkpoint": section({
        "tag_validation": TEXT, "load_universal": SWITCH, "use_node_local_storage": SWITCH,
        "parallel_write": {"type": "object"}, "writer": {}, "checkpoint_serialization": {},
    }),
    "data_types": section({
        "grad_accum_dtype": TEXT, "param_dtype": TEXT, "buffer_dtype": TEXT,
        "keep_in_fp32_modules": {"type": ["array", "string"]},
    }),
    # What other parts of DeepSpeed and its launchers look up, or look up in older versions.
    **{key: {} for key in (
        "autotuning", "pipeline", "data_efficiency", "curriculum_learning", "timers", "weight_quantization",
        "expert_parallel", "datastates_ckpt", "compression_training", "sparse_attention", "progressive_layer_drop",
        "elasticity", "amp", "eigenvalue", "quantize_training", "sparse_gradients", "graph_harvesting", "nebula",
        "inference", "monitor_config", "moe", "fp32_allreduce", "allreduce_always_fp32", "mesh_param",
    )},
}  # fmt: skip


def automatic(schema: Schema) -> Schema:
    """The schema of a model's section, with "auto" for every value."""
    properties = {
        name: {} if not part else automatic(part) if "properties" in part else either([part, AUTO])
        for name, part in schema["properties"].items()
    }
    return schema | {"properties": properties}


def generate() -> str:
    """The text of the schema."""
    properties = dict(READ_BY_HAND)
    for key, path in MODELS.items():
        module, _, name = path.rpartition(".")
        model = getattr(import_module(f"deepspeed.{module}"), name)
        made = automatic(schema_of(model))
        made["properties"] |= automatic(schema_of(model, by_alias=False))["properties"]  # either name is taken
        made["additionalProperties"] = False
        properties[key] = {name: value for name, value in made.items() if name != "x-ignores"} | {"x-lax": True}
    tree = section(properties)
    schema = {
        "x-package": "deepspeed",
        "x-version": import_module("deepspeed").__version__,
        "x-generator": "scripts/generate_deepspeed_schema.py",
        **factor(tree),
    }
    return json.dumps(schema, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    (FOLDER / "schema.json").write_text(generate(), encoding="utf-8")
