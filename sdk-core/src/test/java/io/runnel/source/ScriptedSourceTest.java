package io.runnel.source;

/** The contract suite holds for the scripted source, so that what it tests of the engine is real. */
class ScriptedSourceTest extends BlobSourceContract {
    private ScriptedSource source;

    @Override
    protected BlobSource open(TestBlob blob) {
        source = new ScriptedSource(
                new SourceInfo("peer:test", SourceInfo.Kind.PEER), blob, ScriptedSource.Script.all(blob));
        return source;
    }

    @Override
    protected void detach() {
        source.close();
    }
}
